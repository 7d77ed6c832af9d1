using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Hands out the rows of a key group's durable events, in order, as pure code. After a recovery the unconfirmed rows
/// come first. With <c>output.deduplicate = tail</c> the node first reads the end of the output topics, and leaves out
/// the rows that are there already.
/// </summary>
sealed class OutputSender(KeyGroup group, IShellEffects effects)
{
    /// <summary>
    /// Whether the node is looking for rows of earlier incarnations. Until it has answered nothing is handed out, not
    /// even the rows of newer events: the rows of a key stay in order.
    /// </summary>
    internal bool IsReadingTail { get; private set; }

    /// <summary>
    /// Tells the key group where rows that are handed out from now on can begin. Comes before each call that makes or
    /// applies an event.
    /// </summary>
    internal void LearnPositions() => group.Produced = effects.Produced;

    /// <summary>The recovery is over.</summary>
    internal void StartAfterRecovery()
    {
        if (effects.Produced is null || group.Unconfirmed.Count == 0)
        {
            SendUnconfirmed(TailAnswer.Nothing);
            return;
        }

        if (group.OutputsFrom is not { } from)
        {
            effects.TailUnknown(group.Unconfirmed.Count);
            SendUnconfirmed(TailAnswer.Nothing);
            return;
        }

        IsReadingTail = true;
        effects.ReadTail(new TailQuestion(group.Number, from, [.. group.Unconfirmed.Select(o => (o.Sequence, o.Incarnation))]));
    }

    /// <summary>The node has read the end of the output topics.</summary>
    internal void TailRead(TailAnswer answer)
    {
        IsReadingTail = false;
        SendUnconfirmed(answer);
    }

    /// <summary>An event was applied.</summary>
    internal void Send(byte[] outputs)
    {
        if (outputs.Length > 0 && !IsReadingTail)
            effects.Emit(new UnconfirmedOutputs(group.Sequence, group.IncarnationText, outputs), null);
    }

    void SendUnconfirmed(TailAnswer tail)
    {
        foreach (var outputs in group.Unconfirmed)
            effects.Emit(outputs, tail.Written.GetValueOrDefault(outputs.Sequence));
    }
}
