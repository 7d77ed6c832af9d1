using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a <see cref="KeyGroupShell"/> wants done. Nothing here calls back into the shell at once.</summary>
interface IShellEffects
{
    /// <summary>The format to write, as the members of the cluster announce it now.</summary>
    byte FormatVersion { get; }

    /// <summary>What is asked of the join's time, as the node knows it.</summary>
    TimeOrder Order { get; }

    /// <summary>
    /// Where rows that are handed out from now on can begin in the output topics; null = nobody looks for rows after a
    /// crash.
    /// </summary>
    OutputPositions? Produced { get; }

    /// <summary>
    /// Whether the join has ended on this node: nothing is confirmed any more, and an orderly stop waits for nothing.
    /// </summary>
    bool HasEnded { get; }

    /// <summary>
    /// Writes an event. <see cref="KeyGroupShell.Persisted"/> follows once it is durable. If it was not written,
    /// <see cref="KeyGroupShell.PersistFailed"/> follows, and the incarnation ends.
    /// </summary>
    void Persist(byte[] bytes);

    /// <summary>Sends an answer.</summary>
    void Tell(object to, object message);

    /// <summary>
    /// Hands an event's rows to the sink, in order. <see cref="OutputConfirmed"/> follows once the broker has them all.
    /// </summary>
    /// <param name="outputs">The rows.</param>
    /// <param name="written">Indexes of the rows that are in the topics already; null = none.</param>
    void Emit(UnconfirmedOutputs outputs, IReadOnlySet<int>? written);

    /// <summary>
    /// Looks for rows that are in the output topics already. <see cref="TailAnswer"/> or
    /// <see cref="KeyGroupShell.TailFailed"/> follows.
    /// </summary>
    void ReadTail(TailQuestion question);

    /// <summary>
    /// Reads what is asked of the join from the journal's catalogue. <see cref="KeyGroupShell.OrderRead"/> or
    /// <see cref="KeyGroupShell.OrderNotRead"/> follows.
    /// </summary>
    void ReadOrder();

    /// <summary>Starts a timer; <see cref="KeyGroupShell.Elapsed"/> follows.</summary>
    void Start(ShellTimer timer, TimeSpan wait);

    /// <summary>Ends the incarnation.</summary>
    void Stop(StopReason reason);

    /// <summary>The group failed, and no restart helps.</summary>
    void Fatal(Exception cause);

    /// <summary>The recovery is over; the group runs.</summary>
    void Recovered();

    /// <summary>An event was applied, not in a replay.</summary>
    void Applied(long sequence, byte[] bytes, byte[] outputs);

    /// <summary>Report that an event was not written.</summary>
    void PersistFailed(long sequence, Exception cause);

    /// <summary>Report that the recovery failed.</summary>
    void RecoveryFailed(Exception cause);

    /// <summary>Report, once for each sender, that a malformed message was refused.</summary>
    void Refused(object sender, string reason);

    /// <summary>Report that unconfirmed events do not say where to look for their rows.</summary>
    void TailUnknown(int events);
}

/// <summary>The timers of a <see cref="KeyGroupShell"/>. One of a kind runs at a time.</summary>
enum ShellTimer
{
    /// <summary>Ticks and confirmations have waited long enough for the journal.</summary>
    Flush,

    /// <summary>The wait after a failure is over.</summary>
    Resume,

    /// <summary>An orderly stop has waited long enough.</summary>
    GiveUp,

    /// <summary>The wait after a snapshot that failed is over.</summary>
    SnapshotPause,

    /// <summary>What is asked of the join could not be read; it is tried again.</summary>
    ReadOrder,
}

/// <summary>Why a key group's shell stops by itself.</summary>
enum StopReason
{
    /// <summary>Another incarnation wrote during its recovery. It recovers again.</summary>
    Overtaken,

    /// <summary>It was told to stop, and its successor has nothing to do again.</summary>
    Drained,

    /// <summary>It was told to stop, and has waited for the broker and the journal up to the limit.</summary>
    TimedOut,
}
