using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>A message that is held until the key group acknowledged it, so that it can be sent again.</summary>
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
            if (IsCurrent(batch) && batch.Partition.Cursors[group].Covered < batch.To)
                return false;
        }

        return true;
    }

    static bool IsCurrent(SentBatch batch) => batch.Owner.Generation == batch.Generation;
}
