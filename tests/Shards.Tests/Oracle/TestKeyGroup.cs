using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>A key group whose events are durable at once and whose rows the broker takes at once.</summary>
sealed class TestKeyGroup
{
    // Small, so that slabs are dropped and written anew.
    const int SlabLengthMin = 256;

    internal TestKeyGroup(
        JoinDefinition definition, byte[]? snapshot = null, SlabPool? pool = null, Dictionary<string, string>? standing = null,
        KeyGroupLimits? limits = null)
    {
        Standing = new(standing ?? []);
        pool ??= new HeapSlabPool(SlabLengthMin);
        Group = new KeyGroup(0, definition, Incarnations.OnlyOne, _ => new TestRowWriter(), limits ?? new KeyGroupLimits(), pool);
        if (snapshot is not null)
            Group.Restore(snapshot);
        Group.Recovered();
    }

    internal KeyGroup Group { get; }

    internal List<byte[]> Journal { get; } = [];

    /// <summary>All rows so far that no later one supersedes, by their ids.</summary>
    internal Dictionary<string, string> Standing { get; }

    internal JoinState State => Group.State!;

    /// <summary>One event of batches and ticks. Returns its outputs, each with its kind: "l1+r2 Matched".</summary>
    internal List<string> Event(IReadOnlyList<TestBatch> batches, params Tick[] ticks)
    {
        if (batches.Count > 0)
            Group.Offer(new Deliver(0, [.. batches.SelectMany(b => b.Encode())]), this);
        if (ticks.Length > 0)
            Group.Offer(new DeliverTicks(0, ticks, Flush: true), this);
        return Apply();
    }

    /// <summary>Raises the watermarks of a side or of both.</summary>
    internal List<string> Raise(long? left, long? right)
    {
        Group.Offer(new EndInput(0, left ?? SideWatermarks.None, right ?? SideWatermarks.None), this);
        return Apply();
    }

    /// <summary>The end of the input of both sides.</summary>
    internal List<string> End() => Raise(TimeLimits.Max, TimeLimits.Max);

    internal static List<string> Read(ReadOnlySpan<byte> outputs)
    {
        var rows = new List<string>();
        var reader = OutputEncoding.Read(outputs);
        while (reader.MoveNext())
            rows.Add($"{Encoding.UTF8.GetString(reader.Value)} {reader.Kind}");
        return rows;
    }

    // Of a repaired row the values follow whose rows it supersedes.
    List<string> Follow(ReadOnlySpan<byte> outputs)
    {
        var rows = new List<string>();
        var reader = OutputEncoding.Read(outputs);
        while (reader.MoveNext())
        {
            var value = Encoding.UTF8.GetString(reader.Value);
            var superseded = reader.Kind.IsCopy() ? [] : Superseded(reader.Headers);
            rows.Add($"{value} {reader.Kind}{(superseded.Count > 0 ? " " + string.Join(";", superseded) : "")}");
            Assert.Equal(reader.Kind == RowKind.Repaired, superseded.Count > 0);
            if (!reader.Kind.IsCopy())
                Standing.Add($"{Group.IncarnationText}-{Group.Number}-{Group.Sequence}-{reader.Index}", value);
        }

        return rows;
    }

    // A row that is superseded was there, and is superseded once.
    List<string> Superseded(ReadOnlySpan<byte> headers)
    {
        var values = new List<string>();
        for (var reader = HeaderEncoding.Read(headers); reader.MoveNext();)
        {
            if (Encoding.UTF8.GetString(reader.Name) != OutputHeaders.Supersedes)
                continue;
            foreach (var id in Encoding.UTF8.GetString(reader.Value).Split(','))
            {
                Assert.True(Standing.Remove(id, out var value), $"{id} is superseded, and is no row that stands");
                values.Add(value);
            }
        }

        return values;
    }

    /// <summary>The event that waits; none where nothing does.</summary>
    internal List<string> Apply()
    {
        var bytes = Group.NextEvent();
        if (bytes is null)
            return [];
        Journal.Add(bytes);
        var rows = Follow(Group.Apply(Group.Sequence + 1, bytes));
        Group.Confirm(Group.Sequence);
        Group.AnswerConfirmed();
        return rows;
    }
}
