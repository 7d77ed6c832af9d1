using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a <see cref="KeyGroupShell"/> wants done. Nothing here calls back into the shell at once.</summary>
interface IShellEffects
{
    /// <summary>The format to write, as the members of the cluster announce it now.</summary>
    byte FormatVersion { get; }

    /// <summary>Where outputs that are handed out from now on can begin; null = outputs are not looked for after a crash.</summary>
    OutputPositions? Produced { get; }

    /// <summary>Whether the join has ended on this node: nothing is confirmed any more, and an orderly stop waits for nothing.</summary>
    bool HasEnded { get; }

    /// <summary>
    /// Writes an event; <see cref="KeyGroupShell.Persisted"/> follows once it is durable. Where it was not written <see cref="KeyGroupShell.PersistFailed"/>
    /// follows, and the incarnation ends.
    /// </summary>
    void Persist(byte[] bytes);

    /// <summary>Sends an answer.</summary>
    void Tell(object to, object message);

    /// <summary>Hands an event's outputs to the sink, in order; <see cref="OutputConfirmed"/> follows once the broker has them all.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="written">Indexes of those that are in the topics already; null = none.</param>
    void Emit(UnconfirmedOutputs outputs, IReadOnlySet<int>? written);

    /// <summary>Has outputs looked for that are in the topics already; <see cref="TailAnswer"/> or <see cref="KeyGroupShell.TailFailed"/> follows.</summary>
    void ReadTail(TailQuestion question);

    /// <summary>Starts a timer; <see cref="KeyGroupShell.Elapsed"/> follows.</summary>
    void Start(ShellTimer timer, TimeSpan wait);

    /// <summary>Ends the incarnation.</summary>
    void Stop(StopReason reason);

    /// <summary>No restart mends the group.</summary>
    void Fatal(Exception cause);

    /// <summary>The group runs.</summary>
    void Recovered();

    /// <summary>An event was applied, in life.</summary>
    void Applied(long sequence, byte[] bytes, byte[] outputs);

    /// <summary>To be told: an event was not written.</summary>
    void PersistFailed(long sequence, Exception cause);

    /// <summary>To be told: the recovery failed.</summary>
    void RecoveryFailed(Exception cause);

    /// <summary>To be told, once of each sender: what it sent is malformed and was refused.</summary>
    void Refused(object sender, string reason);

    /// <summary>To be told: unconfirmed events were journaled without saying where to look for their outputs.</summary>
    void TailUnknown(int events);
}
