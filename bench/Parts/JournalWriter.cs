using Akka.Persistence;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Bench.Parts;

/// <summary>Persists some events as a key group does: one in flight.</summary>
sealed class JournalWriter : UntypedPersistentActor
{
    readonly IReadOnlyList<byte[]> _events;
    readonly TaskCompletionSource _done;
    int _written;

    public JournalWriter(string id, IReadOnlyList<byte[]> events, TaskCompletionSource done)
    {
        PersistenceId = id;
        JournalPluginId = JournalPlugins.JournalId;
        SnapshotPluginId = JournalPlugins.SnapshotId;
        _events = events;
        _done = done;
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
            Next();
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _done.TrySetException(cause);

    void Next()
    {
        if (_written < _events.Count)
            PersistAsync(new JournalEvent(_events[_written++]), _ => Next());
        else
            _done.TrySetResult();
    }
}
