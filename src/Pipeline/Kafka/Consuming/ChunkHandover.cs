namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// What the consumer's thread, the stage and the engine share: the chunks on their way, the credit of each partition, and what is asked of
/// the consumer's thread. A monitor; every method is short, and none calls out while it holds the gate.
/// </summary>
sealed class ChunkHandover(long partitionInFlightBytesMax, int chunksMax)
{
    readonly object _gate = new();

    // ---- Guarded by _gate.
    readonly Dictionary<(string Topic, int Partition), ConsumedPartition> _partitions = [];
    readonly Queue<(ConsumedPartition Partition, RecordChunk Chunk)> _chunks = new();
    readonly Dictionary<(string Topic, int Partition), PartitionOffset> _commits = [];
    int _generations;
    bool _stageAwake; // a wake-up is on its way, or the stage has not yet found the queue empty
    bool _asked; // something is new for the consumer's thread
    bool _stop;
    bool _stopped; // the consumer's thread handed over its last chunk
    bool _shutdown;
    bool _refusesCommits;

    Action _wakeStage = static () => { };
    Action _wakeConsumer = static () => { };

    internal bool IsStopRequested => Read(() => _stop);

    internal bool IsShutdownRequested => Read(() => _shutdown);

    /// <summary>Whether nothing is to be committed any more.</summary>
    internal bool RefusesCommits => Read(() => _refusesCommits);

    /// <summary>Whether the stage has seen the last chunk.</summary>
    internal bool IsDrained => Read(() => _stopped && _chunks.Count == 0);

    internal void AttachStage(Action wake)
    {
        lock (_gate)
            _wakeStage = wake;
    }

    /// <param name="wake">Ends the consumer's waiting; must be safe to call for ever.</param>
    internal void AttachConsumer(Action wake)
    {
        lock (_gate)
            _wakeConsumer = wake;
    }

    // ---- The consumer's thread.

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

    /// <summary>Fences a partition: its chunks are not emitted any more, its commits dropped.</summary>
    /// <returns>The generation that ended, or null where the partition is unknown.</returns>
    internal TopicPartitionGeneration? Remove(string topic, int partition)
    {
        lock (_gate)
        {
            if (!_partitions.Remove((topic, partition), out var p))
                return null;
            var ended = new TopicPartitionGeneration(topic, partition, p.Generation);
            p.Generation = -1;
            _commits.Remove((topic, partition));
            return ended;
        }
    }

    internal HandedOver Offer(ConsumedPartition partition, RecordChunk chunk)
    {
        var wake = false;
        var over = false;
        lock (_gate)
        {
            if (partition.Generation != chunk.Generation)
                return HandedOver.Dropped;
            if (_chunks.Count >= chunksMax)
                return HandedOver.Full;
            _chunks.Enqueue((partition, chunk));
            partition.InFlight += chunk.Credit;
            over = partition.InFlight > partitionInFlightBytesMax;
            partition.OverLimit |= over;
            wake = !_stageAwake;
            _stageAwake = true;
        }

        if (wake)
            _wakeStage();
        return over ? HandedOver.AddedOverLimit : HandedOver.Added;
    }

    /// <summary>Whether there is room for another chunk.</summary>
    internal bool HasRoom => Read(() => _chunks.Count < chunksMax);

    /// <summary>Waits until no partition that is still being read is over its limit and there is room for chunks, at most <paramref name="ms"/>.</summary>
    internal void WaitForCredit(IReadOnlyList<ConsumedPartition> partitions, int ms)
    {
        var until = Environment.TickCount64 + ms;
        lock (_gate)
        {
            while (!_shutdown && !_stop && IsHeldBack(partitions))
            {
                var left = until - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                    return;
            }
        }
    }

    /// <summary>Whether anything was asked since the last call.</summary>
    internal bool TakeAsked()
    {
        lock (_gate)
        {
            var asked = _asked;
            _asked = false;
            return asked;
        }
    }

    internal bool IsAsked => Read(() => _asked);

    /// <summary>Where the engine wants to read, with the generation it will be.</summary>
    /// <returns>False where nothing new is wanted.</returns>
    internal bool TakeTarget(ConsumedPartition partition, out long offset, out int generation)
    {
        lock (_gate)
        {
            offset = partition.Target;
            generation = partition.Generation;
            partition.Target = -1;
            return offset >= 0;
        }
    }

    internal bool IsOverLimit(ConsumedPartition partition)
    {
        lock (_gate)
            return partition.OverLimit;
    }

    /// <summary>What is to be committed, for partitions that are still this consumer's.</summary>
    internal List<PartitionOffset> TakeCommits()
    {
        lock (_gate)
        {
            if (_commits.Count == 0)
                return [];
            var commits = _commits.Values.Where(c => Current(c.Topic, c.Partition, c.Generation) is not null).ToList();
            _commits.Clear();
            return commits;
        }
    }

    internal bool HasCommits => Read(() => _commits.Count > 0 && !_refusesCommits);

    /// <summary>Puts commits back that failed, unless there are newer ones.</summary>
    internal void ReturnCommits(IEnumerable<PartitionOffset> commits)
    {
        lock (_gate)
        {
            foreach (var c in commits)
            {
                if (Current(c.Topic, c.Partition, c.Generation) is not null)
                    _commits.TryAdd((c.Topic, c.Partition), c);
            }
        }
    }

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

    /// <summary>The consumer's thread handed over its last chunk.</summary>
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

    // ---- The stage.

    internal bool TryTake(out RecordChunk chunk)
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

    // ---- Any thread.

    internal void Begin(string topic, int partition, int generation, long offset) =>
        Ask(() => SetTarget(Current(topic, partition, generation), offset));

    internal int Rewind(string topic, int partition, int generation, long offset)
    {
        var next = -1;
        Ask(() =>
        {
            if (Current(topic, partition, generation) is not { } p)
                return false;
            next = ++_generations;
            p.Generation = next;
            p.InFlight = 0;
            p.OverLimit = false;
            return SetTarget(p, offset);
        });
        return next;
    }

    internal void Release(string topic, int partition, int generation, long bytes) => Ask(() =>
    {
        if (Current(topic, partition, generation) is not { } p)
            return false;
        p.InFlight = Math.Max(0, p.InFlight - bytes);
        if (!p.OverLimit || p.InFlight >= partitionInFlightBytesMax / 2)
            return false;
        p.OverLimit = false;
        return true;
    });

    internal void Commit(IReadOnlyList<PartitionOffset> offsets)
    {
        // Commits wait for the thread's next round: no reason to wake it.
        lock (_gate)
        {
            foreach (var o in offsets)
            {
                if (Current(o.Topic, o.Partition, o.Generation) is not null)
                    _commits[(o.Topic, o.Partition)] = o;
            }
        }
    }

    /// <summary>Commits nothing from now on.</summary>
    internal void RefuseCommits()
    {
        lock (_gate)
            _refusesCommits = true;
    }

    internal long LastCommitted(string topic, int partition)
    {
        lock (_gate)
            return _partitions.TryGetValue((topic, partition), out var p) ? p.Committed : -1;
    }

    internal void RequestStop() => Ask(() => _stop = true);

    internal void RequestShutdown() => Ask(() => _shutdown = true);

    static bool SetTarget(ConsumedPartition? partition, long offset)
    {
        if (partition is null)
            return false;
        partition.Target = offset;
        return true;
    }

    void Ask(Func<bool> change)
    {
        Action wake;
        lock (_gate)
        {
            if (!change())
                return;
            _asked = true;
            Monitor.PulseAll(_gate);
            wake = _wakeConsumer;
        }

        wake();
    }

    bool IsHeldBack(IReadOnlyList<ConsumedPartition> partitions)
    {
        if (_chunks.Count >= chunksMax)
            return true;
        foreach (var p in partitions)
        {
            if (p is { OverLimit: true, Paused: false })
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
