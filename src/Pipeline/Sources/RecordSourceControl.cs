using System.Collections.Concurrent;
using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Sources;

/// <summary>
/// Steers a <see cref="RecordSourceStage"/>. What the engine asks for is done by the stage, in order. Nothing is
/// committed anywhere: the key groups' journal says how far each has applied a partition, and the router asks them at
/// each start.
/// </summary>
sealed class RecordSourceControl : IChunkControl
{
    readonly TaskCompletionSource _streamCompleted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentQueue<Action<RecordSourceLogic>> _requests = new();
    readonly Lock _gate = new();

    // ---- Guarded by _gate.
    readonly Dictionary<(string Topic, int Partition), (int Generation, long Committed)> _partitions = [];
    int _generations;

    volatile Action _wake = static () => { };

    /// <inheritdoc/>
    public Task IsShutdown => _shutdown.Task;

    /// <inheritdoc/>
    public Task Stop()
    {
        Request(static stage => stage.Stop());
        return _streamCompleted.Task;
    }

    /// <inheritdoc/>
    public Task Shutdown()
    {
        Request(static stage => stage.Shutdown());
        return _shutdown.Task;
    }

    /// <inheritdoc/>
    public void StartReading(string topic, int partition, int generation, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (IsCurrent(topic, partition, generation))
            Request(stage => stage.Read(topic, partition, generation, offset));
    }

    /// <inheritdoc/>
    public int Rewind(string topic, int partition, int generation, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int next;
        lock (_gate)
        {
            if (!_partitions.TryGetValue((topic, partition), out var known) || known.Generation != generation)
                return -1;
            next = ++_generations;
            _partitions[(topic, partition)] = known with { Generation = next };
        }

        Request(stage => stage.Read(topic, partition, next, offset));
        return next;
    }

    /// <inheritdoc/>
    public void ReduceInFlight(string topic, int partition, int generation, long bytes) =>
        Request(stage => stage.ReduceInFlight(topic, partition, generation, bytes));

    /// <inheritdoc/>
    public void Commit(PartitionOffset offset)
    {
        lock (_gate)
        {
            var id = (offset.Topic, offset.Partition);
            if (_partitions.TryGetValue(id, out var known) && known.Generation == offset.Generation)
                _partitions[id] = known with { Committed = Math.Max(known.Committed, offset.Offset) };
        }
    }

    /// <inheritdoc/>
    public void RefuseCommits()
    {
        // Nothing is committed.
    }

    /// <inheritdoc/>
    public long LastCommitted(string topic, int partition)
    {
        lock (_gate)
            return _partitions.TryGetValue((topic, partition), out var known) ? known.Committed : -1;
    }

    /// <summary>The stage has started.</summary>
    /// <param name="wake">Has it do what was asked for.</param>
    internal void Attach(Action wake)
    {
        _wake = wake;
        wake();
    }

    /// <summary>A generation for a partition that this node begins with.</summary>
    internal int Add(string topic, int partition)
    {
        lock (_gate)
        {
            _partitions.Add((topic, partition), (++_generations, -1));
            return _generations;
        }
    }

    /// <summary>Does what was asked for, on the stage's thread.</summary>
    internal void Run(RecordSourceLogic stage)
    {
        while (_requests.TryDequeue(out var request))
            request(stage);
    }

    /// <summary>The last chunk is on its way.</summary>
    internal void CompleteStop() => _streamCompleted.TrySetResult();

    /// <summary>The stage has ended.</summary>
    internal void CompleteShutdown()
    {
        _streamCompleted.TrySetResult();
        _shutdown.TrySetResult();
    }

    bool IsCurrent(string topic, int partition, int generation)
    {
        lock (_gate)
            return _partitions.TryGetValue((topic, partition), out var known) && known.Generation == generation;
    }

    void Request(Action<RecordSourceLogic> request)
    {
        _requests.Enqueue(request);
        _wake();
    }
}
