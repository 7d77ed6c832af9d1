namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>A partition while it is assigned to this consumer.</summary>
sealed class ConsumedPartition
{
    internal ConsumedPartition(string topic, int partition, int generation, long end, int chunkBytesMax)
    {
        Topic = topic;
        Partition = partition;
        Generation = generation;
        End = end;
        Open = new ChunkBuilder(chunkBytesMax);
    }

    internal string Topic { get; }

    internal int Partition { get; }

    /// <summary>Bounded: no record at or above this offset is emitted; long.MaxValue = unbounded.</summary>
    internal long End { get; }

    // ---- Shared by threads; guarded by the gate of ChunkHandover.

    /// <summary>What chunks, releases and commits must name. Rewinding counts it up; -1 once the partition is another's.</summary>
    internal int Generation { get; set; }

    /// <summary>Bytes handed over in this generation and not released. Never below 0.</summary>
    internal long InFlight { get; set; }

    /// <summary>Set above the limit, cleared below half of it.</summary>
    internal bool OverLimit { get; set; }

    /// <summary>Where Begin or Rewind want to read; -1 = nothing new.</summary>
    internal long Target { get; set; } = -1;

    /// <summary>The offset that the broker last acknowledged; -1 = none.</summary>
    internal long Committed { get; set; } = -1;

    // ---- The consumer's thread alone.

    /// <summary>The generation of what is being read; older than <see cref="Generation"/> while a rewind waits.</summary>
    internal int ReadGeneration { get; set; }

    /// <summary>Whether records count: not before the first seek succeeded, nor while one is pending.</summary>
    internal bool Reading { get; set; }

    /// <summary>A seek that is to be done; -1 = none.</summary>
    internal long SeekTo { get; set; } = -1;

    /// <summary>When the pending seek was first tried, in ticks of the stopwatch.</summary>
    internal long SeekSince { get; set; }

    /// <summary>The offset that was last asked for: what an out-of-range answer speaks of.</summary>
    internal long RequestedOffset { get; set; }

    /// <summary>The offset of the next record; the end of the open chunk.</summary>
    internal long Position { get; set; }

    internal bool Paused { get; set; }

    /// <summary>The start offset must be committed before anybody hears of the partition, and is not yet.</summary>
    internal bool StartUncommitted { get; set; }

    /// <summary>Bounded: <see cref="End"/> is reached, nothing more counts.</summary>
    internal bool EndReached { get; set; }

    /// <summary>The next chunk has to say that the end is reached.</summary>
    internal bool AtEnd { get; set; }

    /// <summary>When that end was reached without a record, in ticks of the stopwatch.</summary>
    internal long AtEndSince { get; set; }

    /// <summary>A chunk said so already, and no record came since.</summary>
    internal bool EndTold { get; set; }

    /// <summary>The end of the log as the broker told it last; -1 = not yet.</summary>
    internal long LogEnd { get; set; } = -1;

    /// <summary>The leader's epoch at which the newest chunk was written; -1 = not known.</summary>
    internal int LeaderEpoch { get; set; } = -1;

    /// <summary>The hand-over was full: the open chunk waits.</summary>
    internal bool Stuck { get; set; }

    internal ChunkBuilder Open { get; }

    // ---- What follows is the consumer's thread's too.

    /// <summary>Whether there is something to hand over: records, offsets without one, or that the end is reached.</summary>
    internal bool HasNews => Open.Count > 0 || Open.From != Position || (AtEnd && !EndTold);

    /// <summary>
    /// Since when, in ticks of the stopwatch. An end waits no longer than a record does while other partitions are busy: until it is told, its
    /// partition holds the others back.
    /// </summary>
    internal long NewsSince => Open.Count > 0 ? Open.Since : AtEndSince;

    /// <summary>The log ends here for now.</summary>
    internal void ReachLogEnd(long offset, long now)
    {
        Position = offset;
        AtEnd = true;
        AtEndSince = now;
    }

    /// <summary>Learns where the engine wants to read. Until the seek, nothing that comes counts.</summary>
    internal void LearnTarget(ChunkHandover handover, long now)
    {
        if (!handover.TakeTarget(this, out var target, out var generation))
            return;
        ReadGeneration = generation;
        RequestedOffset = target;
        Position = target;
        Open.Clear(target);
        EndReached = false;
        AtEnd = false;
        EndTold = false;
        Stuck = false;
        Reading = false;
        SeekTo = target;
        SeekSince = now;
    }

    /// <summary>Begins to read where it was wanted; false where that is not possible yet.</summary>
    /// <param name="seek">Whether the consumer reads from <see cref="SeekTo"/> on.</param>
    internal bool TryBegin(Func<ConsumedPartition, bool> seek)
    {
        if (!seek(this))
            return false;
        SeekTo = -1;
        Reading = true;
        return true;
    }
}
