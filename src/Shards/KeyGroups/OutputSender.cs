using Akka.Actor;
using Akka.Event;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Hands the outputs of a key group's durable events to the sink, in order. After a recovery those that are unconfirmed come first, and where
/// the node looks after the tail of the output topics, what is there already is left out. Used by the key group's actor alone.
/// </summary>
sealed class OutputSender(KeyGroupSetup setup, KeyGroup group, string persistenceId, IActorRef self, ILoggingAdapter log)
{
    /// <summary>
    /// Whether outputs of earlier incarnations are being looked for. Until the answer is there nothing is handed out, what is journaled
    /// meanwhile included: rows of a key stay in order.
    /// </summary>
    internal bool IsReadingTail { get; private set; }

    /// <summary>Tells the key group where what it hands out from now on can begin; before each call that makes or applies an event.</summary>
    internal void LearnPositions() => group.Produced = setup.Tail?.Produced;

    /// <summary>The recovery is over.</summary>
    internal void Begin()
    {
        if (setup.Tail is null || group.Unconfirmed.Count == 0)
        {
            SendUnconfirmed(TailAnswer.Nothing);
            return;
        }

        if (group.OutputsFrom is not { } from)
        {
            ShardsLog.TailUnknown(log, persistenceId, group.Unconfirmed.Count);
            SendUnconfirmed(TailAnswer.Nothing);
            return;
        }

        IsReadingTail = true;
        var events = group.Unconfirmed.Select(o => (o.Sequence, o.JournalId)).ToList();
        setup.Tail.ReadAsync(new TailQuestion(group.Number, from, events)).PipeTo(self, failure: cause => new Status.Failure(cause));
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
            setup.Outputs(new OutputEvent(group.Number, group.JournalId, group.Sequence, outputs, self));
    }

    void SendUnconfirmed(TailAnswer tail)
    {
        foreach (var outputs in group.Unconfirmed)
        {
            setup.Outputs(new OutputEvent(group.Number, outputs.JournalId, outputs.Sequence, outputs.Bytes, self)
            {
                Written = tail.Written.GetValueOrDefault(outputs.Sequence),
            });
        }
    }
}
