using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Snapshots;
using AkkaJoin.Shards.Tests.Oracle;

namespace AkkaJoin.Shards.Tests.KeyGroups;

/// <summary>One incarnation of a key group whose wishes are written down, and done when a test says so.</summary>
sealed class ShellWorld : IShellEffects, ISnapshotEffects
{
    readonly List<byte[]> _journal;
    int _persisted;

    /// <summary>An incarnation that has recovered from a journal, in a process that remembers.</summary>
    /// <param name="memory">What it remembers.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="knowsOrder">Whether it is told at once that what is asked of the join was read.</param>
    internal ShellWorld(KeyGroupMemory memory, List<byte[]> journal, bool knowsOrder = true)
    {
        _journal = journal;
        Group = new KeyGroup(0, Definitions.Of(JoinType.Full, 0, 10), Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        Shell = new KeyGroupShell(Group, "t-0", memory, new ShellSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), 1 << 20), this, this);
        for (_persisted = 0; _persisted < journal.Count; _persisted++)
            Shell.Replay(_persisted + 1, journal[_persisted]);
        Shell.EndRecovery(journal.Count);
        if (knowsOrder)
            Shell.OrderRead();
    }

    internal KeyGroup Group { get; }

    internal KeyGroupShell Shell { get; }

    /// <summary>The events whose outputs were handed out, in order.</summary>
    internal List<long> Emitted { get; } = [];

    internal List<object> Told { get; } = [];

    internal List<object> ToldTo { get; } = [];

    internal List<(ShellTimer Timer, TimeSpan Wait)> Timers { get; } = [];

    internal List<(object Sender, string Reason)> Refused { get; } = [];

    internal StopReason? StoppedBy { get; private set; }

    internal int Permits { get; set; } = 1;

    internal TimeOrder Order { get; set; }

    /// <summary>How often it wanted to know what is asked of the join.</summary>
    internal int OrderReads { get; private set; }

    byte IShellEffects.FormatVersion => FormatVersions.Newest;

    TimeOrder IShellEffects.Order => Order;

    OutputPositions? IShellEffects.Produced => null;

    bool IShellEffects.HasEnded => false;

    /// <summary>What was to be written becomes durable, and what follows from it too.</summary>
    internal void Persist()
    {
        while (_persisted < _journal.Count)
        {
            var bytes = _journal[_persisted++];
            Shell.Persisted(_persisted, bytes);
        }
    }

    void IShellEffects.Persist(byte[] bytes) => _journal.Add(bytes);

    void IShellEffects.Tell(object to, object message)
    {
        Told.Add(message);
        ToldTo.Add(to);
    }

    void IShellEffects.Emit(UnconfirmedOutputs outputs, IReadOnlySet<int>? written) => Emitted.Add(outputs.Sequence);

    void IShellEffects.ReadTail(TailQuestion question) => throw new NotSupportedException();

    void IShellEffects.ReadOrder() => OrderReads++;

    void IShellEffects.Start(ShellTimer timer, TimeSpan wait) => Timers.Add((timer, wait));

    void IShellEffects.Stop(StopReason reason) => StoppedBy = reason;

    void IShellEffects.Fatal(Exception cause) => throw new InvalidOperationException("the join ends", cause);

    void IShellEffects.Recovered()
    {
    }

    void IShellEffects.Applied(long sequence, byte[] bytes, byte[] outputs)
    {
    }

    void IShellEffects.PersistFailed(long sequence, Exception cause)
    {
    }

    void IShellEffects.RecoveryFailed(Exception cause)
    {
    }

    void IShellEffects.Refused(object sender, string reason) => Refused.Add((sender, reason));

    void IShellEffects.TailUnknown(int events)
    {
    }

    bool ISnapshotEffects.TryTakePermit() => Permits > 0 && Permits-- > 0;

    void ISnapshotEffects.ReturnPermit() => Permits++;

    void ISnapshotEffects.Write(SnapshotCapture capture) => capture.Dispose();

    void ISnapshotEffects.SaveManifest(long sequence, byte[] manifest)
    {
    }

    void ISnapshotEffects.DeleteEvents(long through)
    {
    }

    void ISnapshotEffects.DeleteSnapshots(long through)
    {
    }

    void ISnapshotEffects.DeleteSegments(long below)
    {
    }

    void ISnapshotEffects.StopWriting()
    {
    }

    void ISnapshotEffects.SnapshotFailed(Exception cause)
    {
    }
}
