using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>A message that is held until the key group acknowledged it, so that it can be sent again.</summary>
sealed class SentMessage(Deliver message, SentBatch[] batches)
{
    internal Deliver Message { get; } = message;

    internal SentBatch[] Batches { get; } = batches;

    internal long SentAtMs { get; set; }

    /// <summary>Whether every batch is acknowledged, or belongs to an assignment that is over.</summary>
    internal bool IsDone(int group)
    {
        foreach (var batch in Batches)
        {
            if (batch.Owner.Generation == batch.Generation && batch.Partition.Cursors[group].Covered < batch.To)
                return false;
        }

        return true;
    }
}
