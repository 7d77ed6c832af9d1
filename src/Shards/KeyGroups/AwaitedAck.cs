using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// An answer that goes out once every event up to <paramref name="Sequence"/> is confirmed: <paramref name="Message"/>,
/// or an acknowledgement of <paramref name="Applied"/> where that is null.
/// </summary>
/// <param name="Sequence">The event that the answer waits for; 0 = not known yet, or none.</param>
/// <param name="Sender">Who gets the answer.</param>
/// <param name="Applied">What is acknowledged.</param>
/// <param name="Message">The answer; null = an acknowledgement.</param>
readonly record struct AwaitedAck(long Sequence, object Sender, AppliedPartition[] Applied, object? Message)
{
    /// <summary>The stamp of the tick that it answers, or 0.</summary>
    internal long Stamp { get; init; }

    /// <summary>Whether the same acknowledgement to the same sender is there already.</summary>
    internal bool IsAmong(IEnumerable<AwaitedAck> acks)
    {
        foreach (var other in acks)
        {
            if (other.IsRepeatable && IsRepeatable && Equals(other.Message, Message) && other.Sender.Equals(Sender)
                && other.Applied.AsSpan().SequenceEqual(Applied))
                return true;
        }

        return false;
    }

    // Other answers go to someone who asks once.
    bool IsRepeatable => Message is null or KeyGroupGap or KeyGroupFellBack;
}

/// <summary>A message that the shell sends for the key group.</summary>
readonly record struct KeyGroupReply(object To, object Message);
