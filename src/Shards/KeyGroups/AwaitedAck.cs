using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// An answer that goes out once every event up to <paramref name="Sequence"/> is confirmed: <paramref name="Message"/>, or where that is
/// null the acknowledgement of <paramref name="Covered"/>.
/// </summary>
readonly record struct AwaitedAck(long Sequence, object Sender, CoveredPartition[] Covered, object? Message)
{
    /// <summary>The stamp of the tick that it answers, or 0.</summary>
    internal long Stamp { get; init; }

    /// <summary>Whether the same acknowledgement to the same sender is there already.</summary>
    internal bool IsAmong(IEnumerable<AwaitedAck> acks)
    {
        foreach (var other in acks)
        {
            if (other.IsRepeatable && IsRepeatable && Equals(other.Message, Message) && other.Sender.Equals(Sender) && other.Covered.AsSpan().SequenceEqual(Covered))
                return true;
        }

        return false;
    }

    // The others are answers to somebody who asks once.
    bool IsRepeatable => Message is null or GroupGap or GroupFellBack;
}
