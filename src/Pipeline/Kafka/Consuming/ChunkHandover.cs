using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// What the consumer's thread, the stage and the engine share. Three things cross here:
/// <list type="bullet">
/// <item>chunks, from the consumer's thread to the stage;</item>
/// <item>
/// requests of the engine to the consumer's thread (<see cref="IChunkControl"/>): read from here, these bytes are done,
/// stop;
/// </item>
/// <item>
/// offsets to commit: one map, the latest of each partition. <see cref="OffsetCommitter"/> sends what is in it.
/// </item>
/// </list>
/// A monitor: every method is short, and none calls out while it holds the gate.
/// <para>
/// Invariants. A generation names one reading of a partition; what names another is dropped. The bytes in flight of a
/// partition are those of the chunks of its generation that were offered, less those that were returned; they are never
/// negative. A partition above its limit stays above it until its bytes in flight are below half of the limit. An
/// offset waits to be committed only for a partition that is here.
/// </para>
/// </summary>
/// <param name="partitionInFlightBytesMax">A partition with more bytes in flight is to be paused.</param>
/// <param name="chunksMax">The most chunks that wait for the stage.</param>
sealed class ChunkHandover(long partitionInFlightBytesMax, int chunksMax) : IChunkControl
{
    readonly object _gate = new();
    readonly TaskCompletionSource _streamCompleted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _consumerClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // ---- Guarded by _gate.
    readonly Dictionary<(string Topic, int Partition), ConsumedPartition> _partitions = [];
    readonly Queue<(ConsumedPartition Partition, RecordChunk Chunk)> _chunks = new();
    readonly Dictionary<(string Topic, int Partition), PartitionOffset> _pendingCommits = [];
    int _generations;
    bool _stageAwake; // a wake-up is on its way, or the stage has not yet found the queue empty
    bool _requested; // something is new for the consumer's thread
    bool _stop;
    bool _stopped; // the consumer's thread offered its last chunk
    bool _shutdown;
    bool _refusesCommits;

    Action _wakeStage = static () => { };
    Action _wakeConsumer = static () => { };

    // ---- The engine, from any thread.

    /// <inheritdoc/>
    public Task IsShutdown => _consumerClosed.Task;

    /// <inheritdoc/>
    public Task Stop()
    {
        Request(() => _stop = true);
        return _streamCompleted.Task;
    }

    /// <inheritdoc/>
    public Task Shutdown()
    {
        Request(() => _shutdown = true);
        return IsShutdown;
    }

    /// <inheritdoc/>
    public void StartReading(string topic, int partition, int generation, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Request(() =>
        {
            if (Current(topic, partition, generation) is not { } p)
                return false;
            p.Target = offset;
            return true;
        });
    }

    /// <inheritdoc/>
    public int Rewind(string topic, int partition, int generation, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var next = -1;
        Request(() =>
        {
            if (Current(topic, partition, generation) is not { } p)
                return false;
            next = ++_generations;
            p.Generation = next;
            p.InFlightBytes = 0;
            p.OverLimit = false;
            p.Target = offset;
            return true;
        });
        return next;
    }

    /// <inheritdoc/>
    public void ReduceInFlight(string topic, int partition, int generation, long bytes) => Request(() =>
    {
        if (Current(topic, partition, generation) is not { } p)
            return false;
        p.InFlightBytes = Math.Max(0, p.InFlightBytes - bytes);
        if (!p.OverLimit || p.InFlightBytes >= partitionInFlightBytesMax / 2)
            return false;
        p.OverLimit = false;
        return true;
    });

    /// <inheritdoc/>
    public void Commit(PartitionOffset offset)
    {
        // Commits wait for the thread's next round: no reason to wake it.
        lock (_gate)
        {
            if (Current(offset.Topic, offset.Partition, offset.Generation) is not null)
                _pendingCommits[(offset.Topic, offset.Partition)] = offset;
        }
    }

    /// <inheritdoc/>
    public void RefuseCommits()
    {
        lock (_gate)
            _refusesCommits = true;
    }

    /// <inheritdoc/>
    public long LastCommitted(string topic, int partition)
    {
        lock (_gate)
            return _partitions.TryGetValue((topic, partition), out var p) ? p.Committed : -1;
    }

    // ---- The stage.

    /// <param name="wake">Has the stage look for chunks; from any thread.</param>
    internal void AttachStage(Action wake)
    {
        lock (_gate)
            _wakeStage = wake;
    }

    /// <summary>
    /// The next chunk of a generation that is still read. False where there is none; then the next offer wakes the
    /// stage.
    /// </summary>
    internal bool TryDequeue(out RecordChunk chunk)
    {
        lock (_gate)
        {
            while (_chunks.TryDequeue(out var next))
            {
                if (_chunks.Count == chunksMax - 1)
                    Monitor.PulseAll(_gate);
                if (next.Partition.Generation != next.Chunk.Generation)
                    continue;
                chunk = next.Chunk;
                return true;
            }

            _stageAwake = false;
            chunk = null!;
            return false;
        }
    }

    /// <summary>Whether the stage has seen the last chunk.</summary>
    internal bool IsDrained => Read(() => _stopped && _chunks.Count == 0);

    /// <summary>The stream is completed, or never will be.</summary>
    internal void CompleteStop() => _streamCompleted.TrySetResult();

    /// <summary>The consumer is closed.</summary>
    internal void CompleteShutdown()
    {
        _streamCompleted.TrySetResult();
        _consumerClosed.TrySetResult();
    }

    // ---- The consumer's thread: partitions.

    /// <param name="wake">Ends the consumer's waiting; must be safe to call for ever.</param>
    internal void AttachConsumer(Action wake)
    {
        lock (_gate)
            _wakeConsumer = wake;
    }

    internal int NextGeneration()
    {
        lock (_gate)
            return ++_generations;
    }

    internal void Register(ConsumedPartition partition)
    {
        lock (_gate)
            _partitions[(partition.Topic, partition.Partition)] = partition;
    }

    /// <summary>Fences a partition: its chunks are not emitted any more, its pending commit is dropped.</summary>
    /// <returns>The generation that ended, or null where the partition is unknown.</returns>
    internal TopicPartitionGeneration? Fence(string topic, int partition)
    {
        lock (_gate)
        {
            if (!_partitions.Remove((topic, partition), out var p))
                return null;
            var ended = new TopicPartitionGeneration(topic, partition, p.Generation);
            p.Generation = -1;
            _pendingCommits.Remove((topic, partition));
            return ended;
        }
    }

    // ---- The consumer's thread: chunks.

    /// <summary>Whether there is room for another chunk.</summary>
    internal bool HasRoom => Read(() => _chunks.Count < chunksMax);

    /// <summary>Offers a chunk to the stage.</summary>
    internal OfferResult Offer(ConsumedPartition partition, RecordChunk chunk)
    {
        var wake = false;
        var over = false;
        lock (_gate)
        {
            if (partition.Generation != chunk.Generation)
                return OfferResult.Dropped;
            if (_chunks.Count >= chunksMax)
                return OfferResult.Full;
            Invariant.Holds(partition.InFlightBytes >= 0, "bytes in flight are never negative");
            _chunks.Enqueue((partition, chunk));
            partition.InFlightBytes += chunk.InFlightBytes;
            over = partition.InFlightBytes > partitionInFlightBytesMax;
            partition.OverLimit |= over;
            wake = !_stageAwake;
            _stageAwake = true;
        }

        if (wake)
            _wakeStage();
        return over ? OfferResult.AddedOverLimit : OfferResult.Added;
    }

    internal bool IsOverLimit(ConsumedPartition partition)
    {
        lock (_gate)
        {
            Invariant.Holds(
                !partition.OverLimit || partition.InFlightBytes >= partitionInFlightBytesMax / 2,
                "a partition above its limit has at least half of the limit in flight");
            return partition.OverLimit;
        }
    }

    /// <summary>
    /// Waits until no partition that is still being read is over its limit and there is room for chunks, at most
    /// <paramref name="ms"/>.
    /// </summary>
    internal void WaitForDemand(IReadOnlyList<ConsumedPartition> partitions, int ms)
    {
        var until = Environment.TickCount64 + ms;
        lock (_gate)
        {
            while (!_shutdown && !_stop && LacksDemand(partitions))
            {
                var left = until - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                    return;
            }
        }
    }

    /// <summary>The consumer's thread offered its last chunk.</summary>
    internal void Stopped()
    {
        lock (_gate)
        {
            if (_stopped)
                return;
            _stopped = true;
            _stageAwake = true;
        }

        _wakeStage();
    }

    // ---- The consumer's thread: what is asked of it.

    internal bool IsStopRequested => Read(() => _stop);

    internal bool IsShutdownRequested => Read(() => _shutdown);

    /// <summary>Whether anything was requested since the last <see cref="ClearRequest"/>.</summary>
    internal bool IsRequested => Read(() => _requested);

    /// <returns>Whether anything was requested since the last call.</returns>
    internal bool ClearRequest()
    {
        lock (_gate)
        {
            var requested = _requested;
            _requested = false;
            return requested;
        }
    }

    /// <summary>Where the engine wants to read, with the generation that this reading is.</summary>
    /// <returns>False where nothing new is wanted.</returns>
    internal bool TryGetTarget(ConsumedPartition partition, out long offset, out int generation)
    {
        lock (_gate)
        {
            offset = partition.Target;
            generation = partition.Generation;
            partition.Target = -1;
            return offset >= 0;
        }
    }

    // ---- The consumer's thread: commits.

    /// <summary>Whether nothing is to be committed any more.</summary>
    internal bool RefusesCommits => Read(() => _refusesCommits);

    internal bool HasPendingCommits => Read(() => _pendingCommits.Count > 0 && !_refusesCommits);

    /// <summary>What is to be committed, for partitions that are still this consumer's.</summary>
    internal List<PartitionOffset> DequeueCommits()
    {
        lock (_gate)
        {
            if (_pendingCommits.Count == 0)
                return [];
            Invariant.Holds(
                _pendingCommits.Keys.All(_partitions.ContainsKey), "an offset waits to be committed only for a partition that is here");
            var commits = _pendingCommits.Values.Where(c => Current(c.Topic, c.Partition, c.Generation) is not null).ToList();
            _pendingCommits.Clear();
            return commits;
        }
    }

    /// <summary>Puts commits back that failed, unless there are newer ones.</summary>
    internal void RequeueCommits(IEnumerable<PartitionOffset> commits)
    {
        lock (_gate)
        {
            foreach (var c in commits)
            {
                if (Current(c.Topic, c.Partition, c.Generation) is not null)
                    _pendingCommits.TryAdd((c.Topic, c.Partition), c);
            }
        }
    }

    /// <summary>The broker acknowledged the commits.</summary>
    internal void Committed(IEnumerable<PartitionOffset> commits)
    {
        lock (_gate)
        {
            foreach (var c in commits)
            {
                if (Current(c.Topic, c.Partition, c.Generation) is { } partition)
                    partition.Committed = c.Offset;
            }
        }
    }

    // Makes a change for the consumer's thread, and wakes it if the change says so.
    void Request(Func<bool> change)
    {
        Action wake;
        lock (_gate)
        {
            if (!change())
                return;
            _requested = true;
            Monitor.PulseAll(_gate);
            wake = _wakeConsumer;
        }

        wake();
    }

    bool LacksDemand(IReadOnlyList<ConsumedPartition> partitions)
    {
        if (_chunks.Count >= chunksMax)
            return true;
        foreach (var p in partitions)
        {
            if (p is { OverLimit: true, Paused: not true })
                return true;
        }

        return false;
    }

    ConsumedPartition? Current(string topic, int partition, int generation) =>
        _partitions.TryGetValue((topic, partition), out var p) && p.Generation == generation ? p : null;

    T Read<T>(Func<T> read)
    {
        lock (_gate)
            return read();
    }
}

/// <summary>What became of a chunk that the consumer's thread offered.</summary>
enum OfferResult
{
    /// <summary>The stream will have it.</summary>
    Added,

    /// <summary>The same, and its partition is above its limit now.</summary>
    AddedOverLimit,

    /// <summary>Its generation is over.</summary>
    Dropped,

    /// <summary>Too many chunks wait: offer it again.</summary>
    Full,
}
