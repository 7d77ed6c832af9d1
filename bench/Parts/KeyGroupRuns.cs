using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.Parts;

/// <summary>The key groups of a join without actors and journal: takes messages in, or applies the events that came of them.</summary>
sealed class KeyGroupRuns(JoinDefinition definition, JoinSettings join, List<byte[]>[] batches)
{
    static readonly object Sender = new();

    /// <summary>The events of each group, made by <see cref="Accept"/>.</summary>
    internal List<byte[]>[] Events { get; private set; } = [];

    /// <summary>The outputs of each group by event, made by <see cref="Apply"/>.</summary>
    internal List<(long Sequence, byte[] Bytes)>[] Outputs { get; private set; } = [];

    /// <summary>Takes every message in as a live group does, each an event of its own, and closes time at the end.</summary>
    internal KeyGroupRuns Accept(bool render)
    {
        Events = [.. batches.Select(_ => new List<byte[]>())];
        for (var i = 0; i < batches.Length; i++)
        {
            var group = Create(i, render);
            group.Recovered();
            foreach (var message in batches[i])
            {
                group.Offer(new Deliver(i, message), Sender);
                Persist(group, Events[i]);
            }

            var (left, right) = group.State?.LeastThatClose() ?? default;
            group.Offer(new EndInput(i, left, right), Sender);
            Persist(group, Events[i]);
        }

        return this;
    }

    /// <summary>Applies the events to fresh groups.</summary>
    internal void Apply(bool render)
    {
        Outputs = [.. Events.Select(_ => new List<(long Sequence, byte[] Bytes)>())];
        for (var i = 0; i < Events.Length; i++)
        {
            var group = Create(i, render);
            for (var sequence = 1; sequence <= Events[i].Count; sequence++)
            {
                var outputs = group.Apply(sequence, Events[i][sequence - 1]);
                if (outputs.Length == 0)
                    continue;
                Outputs[i].Add((sequence, outputs));
                group.Confirm(group.IncarnationText, sequence);
            }
        }
    }

    static void Persist(KeyGroup group, List<byte[]> events)
    {
        if (group.NextEvent() is not { } bytes)
            throw new InvalidOperationException("a key group did not take what the router made");
        events.Add(bytes);
        group.Apply(events.Count, bytes);
        group.AnswerConfirmed();
        group.Confirm(group.IncarnationText, events.Count);
        group.Replies.Clear();
    }

    KeyGroup Create(int number, bool render) =>
        new(number, definition, static () => default, _ => render ? RowWriterFactory.Create(join) : new NoRows(), new KeyGroupLimits());
}
