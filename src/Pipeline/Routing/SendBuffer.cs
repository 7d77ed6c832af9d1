using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// What goes to one key group: the records that are gathered, and the messages that were sent and are not acknowledged.
/// </summary>
sealed class SendBuffer(int group)
{
    internal int Group { get; } = group;

    /// <summary>Messages sent and not acknowledged, in the order in which they were sent.</summary>
    internal List<SentMessage> InFlight { get; } = [];

    /// <summary>Side partitions with gathered records, in the order in which the first of them came.</summary>
    internal List<(SourcePartition Owner, SidePartition Partition)> Gathering { get; } = [];

    /// <summary>Gathered bytes, about.</summary>
    internal long GatheredBytes { get; set; }

    /// <summary>When the first gathered record came.</summary>
    internal long GatheringSinceMs { get; set; }

    /// <summary>The group's events that everything which it acknowledged is based on.</summary>
    internal AcknowledgedEvents Acknowledged { get; } = new();

    /// <summary>When the group was last asked how far it is with what it had acknowledged.</summary>
    internal long AskedAtMs { get; set; } = long.MinValue / 2;

    /// <summary>When the messages in flight were last sent again.</summary>
    internal long ResentAtMs { get; set; }
}

/// <summary>A message that is kept until the key group has acknowledged it, so that it can be sent again.</summary>
sealed class SentMessage(Deliver message, SentBatch[] batches)
{
    internal Deliver Message { get; } = message;

    internal SentBatch[] Batches { get; } = batches;

    internal long SentAtMs { get; set; }

    /// <summary>The message without the batches of assignments that are over.</summary>
    internal SentMessage WithoutEnded()
    {
        if (Array.TrueForAll(Batches, IsCurrent))
            return this;
        var bytes = new List<byte>(Message.Batches.Length);
        var position = 0;
        foreach (var batch in Batches)
        {
            var length = BatchHeader.Read(Message.Batches.AsSpan(position)).Length;
            if (IsCurrent(batch))
                bytes.AddRange(Message.Batches.AsSpan(position, length));
            position += length;
        }

        return new SentMessage(Message with { Batches = [.. bytes] }, Array.FindAll(Batches, IsCurrent)) { SentAtMs = SentAtMs };
    }

    /// <summary>Whether every batch is acknowledged, or belongs to an assignment that is over.</summary>
    internal bool IsDone(int group)
    {
        foreach (var batch in Batches)
        {
            if (IsCurrent(batch) && batch.Partition.Cursors[group].AcknowledgedOffset < batch.To)
                return false;
        }

        return true;
    }

    static bool IsCurrent(SentBatch batch) => batch.Owner.Generation == batch.Generation;
}

/// <summary>
/// One batch of a message to a key group: the records of a partition in [From, To) that belong to the group.
/// </summary>
readonly record struct SentBatch(SourcePartition Owner, SidePartition Partition, int Generation, long From, long To);
