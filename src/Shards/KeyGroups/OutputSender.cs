using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Hands the outputs of a key group's durable events out, in order, as pure code. After a recovery those that are unconfirmed come first, and where
/// the node looks after the tail of the output topics, what is there already is left out.
/// </summary>
sealed class OutputSender(KeyGroup group, IShellEffects effects)
{
    /// <summary>
    /// Whether outputs of earlier incarnations are being looked for. Until the answer is there nothing is handed out, what is journaled
    /// meanwhile included: rows of a key stay in order.
    /// </summary>
    internal bool IsReadingTail { get; private set; }

    /// <summary>Tells the key group where what it hands out from now on can begin; before each call that makes or applies an event.</summary>
    internal void LearnPositions() => group.Produced = effects.Produced;

    /// <summary>The recovery is over.</summary>
    internal void Begin()
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

    /// <summary>The answer about the tail.</summary>
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
