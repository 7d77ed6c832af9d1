using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// Asks a key group what it has of a key, with event times in [<paramref name="FromMs"/>, <paramref name="ToMs"/>].
/// Answered by <see cref="KeyReport"/>. It changes nothing.
/// </summary>
/// <param name="Group">The key group of the key.</param>
/// <param name="Key">The key in canonical form.</param>
/// <param name="FromMs">The lowest event time, ms since the epoch.</param>
/// <param name="ToMs">The highest event time, ms since the epoch.</param>
/// <param name="Limit">The most entries of each side, 1 to <see cref="LimitMax"/>.</param>
sealed record AskKey(int Group, byte[] Key, long FromMs, long ToMs, int Limit) : IKeyGroupMessage
{
    /// <summary>The most entries of a side in one answer.</summary>
    internal const int LimitMax = 1_000;

    /// <summary>The most bytes of the key and the id together: with their envelope they stay below a frame.</summary>
    internal const int BytesMax = 60_000;

    /// <summary>Whether the values are told too.</summary>
    internal bool WithValues { get; init; }

    /// <summary>
    /// Besides asks on both sides for the record with this id, whatever its time: its entry is there too, also where
    /// only its id is remembered. Empty = no.
    /// </summary>
    internal byte[] Id { get; init; } = [];

    /// <exception cref="MalformedBatchException">No node sends such a question to this key group.</exception>
    internal void Check(int group)
    {
        if (Group != group || Limit is < 1 or > LimitMax || Key.Length + Id.Length > BytesMax)
            throw new MalformedBatchException(
                $"a question to key group {Group} for {Limit} entries of a key of {Key.Length} bytes, at key group {group}");
    }
}

/// <summary>What a key group has of a key.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Sequence">The last event that was applied.</param>
/// <param name="Watermarks">The sides' watermarks, and who holds them.</param>
/// <param name="Left">The lefts.</param>
/// <param name="Right">The rights.</param>
sealed record KeyReport(int Group, long Sequence, SideWatermarks Watermarks, KeySideReport Left, KeySideReport Right) : IWireMessage
{
    /// <summary>The lefts or the rights.</summary>
    internal KeySideReport Of(Side side) => side == Side.Left ? Left : Right;
}

/// <summary>The entries of a key on one side.</summary>
/// <param name="Count">How many there are within the times that were asked for.</param>
/// <param name="IsExact">Whether they were all counted; else there are more.</param>
/// <param name="Entries">
/// The first of them in order of time, at most as many as were asked for and as a frame holds; then the entry of the id
/// that was asked for, where it is not among them.
/// </param>
sealed record KeySideReport(int Count, bool IsExact, KeyEntry[] Entries)
{
    internal static KeySideReport None { get; } = new(0, IsExact: true, []);

    /// <summary>The entry of a record; null = it is not among the entries.</summary>
    /// <param name="source">The index of the topic among the side's topics.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset.</param>
    internal KeyEntry? Find(int source, int partition, long offset) =>
        Array.Find(Entries, e => e.Source == source && e.Partition == partition && e.Offset == offset);

    /// <summary>The first entry with an id; null = it is not among the entries.</summary>
    internal KeyEntry? Find(ReadOnlySpan<byte> id)
    {
        foreach (var entry in Entries)
        {
            if (entry.Id is { } own && id.SequenceEqual(own))
                return entry;
        }

        return null;
    }
}

/// <summary>A buffered record.</summary>
/// <param name="Source">The index of the topic among the side's topics.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset.</param>
/// <param name="TimeMs">The event time, ms since the epoch.</param>
/// <param name="State">What it still does.</param>
/// <param name="Flags">What it has been through.</param>
sealed record KeyEntry(int Source, int Partition, long Offset, long TimeMs, KeyEntryState State, EntryFlags Flags)
{
    /// <summary>The most bytes of a value, or of an id, in a report; the rest is cut.</summary>
    internal const int ValueMax = 1_024;

    /// <summary>The Kafka timestamp, ms since the epoch.</summary>
    internal long TimestampMs { get; init; }

    /// <summary>The id, at most <see cref="ValueMax"/> bytes; null = it has none.</summary>
    internal byte[]? Id { get; init; }

    /// <summary>The watermarks at which its window closes: then its row is due, if it has one to come.</summary>
    internal WatermarkNeed Closes { get; init; }

    /// <summary>The watermarks at which it is forgotten, its id included.</summary>
    internal WatermarkNeed Forgets { get; init; }

    /// <summary>The length of the value in bytes; -1 = the value is null.</summary>
    internal int ValueLength { get; init; } = -1;

    /// <summary>The value, at most <see cref="ValueMax"/> bytes; null where it is null or was not asked for.</summary>
    internal byte[]? Value { get; init; }

    /// <summary>Whether it has a partner.</summary>
    internal bool IsMatched => (Flags & EntryFlags.Matched) != 0;

    /// <summary>Whether it was late when it came.</summary>
    internal bool IsLate => (Flags & EntryFlags.Late) != 0;
}

/// <summary>What a buffered record still does.</summary>
enum KeyEntryState : byte
{
    /// <summary>It has no partner, and its window is open.</summary>
    Waiting = 0,

    /// <summary>It has a partner, and its window is open.</summary>
    Matched = 1,

    /// <summary>A left of an attribution: its window is closed, but a buffered right can still take it.</summary>
    AwaitsRight = 2,

    /// <summary>Its window is closed: it joins nothing more.</summary>
    Closed = 3,

    /// <summary>As closed; its id is still remembered, so that a duplicate is known.</summary>
    Remembered = 4,

    /// <summary>
    /// <c>late.policy = repair</c>: its window is closed, and its row is out if it has one. A record that comes late
    /// can still join it; a row that this makes untrue is superseded.
    /// </summary>
    Repairable = 5,
}
