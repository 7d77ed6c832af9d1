using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// An answer that goes out once every event up to <paramref name="Sequence"/> is confirmed: <paramref name="Message"/>, or where that is
/// null the acknowledgement of <paramref name="Covered"/>.
/// </summary>
readonly record struct AwaitedAck(long Sequence, object Sender, CoveredPartition[] Covered, object? Message)
{
    /// <summary>Whether the same acknowledgement to the same sender is there already.</summary>
    internal bool IsAmong(IEnumerable<AwaitedAck> acks)
    {
        foreach (var other in acks)
        {
            if (other.Message is null && Message is null && other.Sender.Equals(Sender) && other.Covered.AsSpan().SequenceEqual(Covered))
                return true;
        }

        return false;
    }
}
