using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// A partition while it is assigned to this consumer. Its <see cref="State"/> says whether records that come count;
/// they do in <see cref="ConsumedState.Reading"/> alone.
/// <code>
///                 (assigned)
///                  |      \ its start offset could not be committed in the rebalance
///                  |       Uncommitted
///                  |      / the broker acknowledged the start offset                      OffsetCommitter
///               Waiting
///                  | the engine named an offset: StartReading                             LearnTarget
///       +-----> Seeking
///       |          | librdkafka seeks there                                               TryStartReading
///       |       Reading
///       |          | bounded run: the position is the end offset                          ReachEnd
///       |        Ended
///       |
///       +- from Seeking, Reading or Ended: the engine named another offset: Rewind        LearnTarget
///
///       from each but Uncommitted -> Stopped   the engine reads no more: Stop             StopReading
///       from each                 -> Fenced    the partition went to another consumer     Assignment
/// </code>
/// Beside it, a partition in any state may be above its limit of bytes in flight (<see cref="OverLimit"/>), and the
/// open chunk may wait for room (<see cref="IsBlocked"/>). <see cref="Paused"/> is what librdkafka was last told: it is
/// to be paused unless it is read, below its limit and not blocked. Each time a partition comes librdkafka is told
/// anew.
/// <para>
/// Invariants. Nobody hears of a partition in Uncommitted, so nobody names an offset to read from. The open chunk holds
/// the offsets from its beginning to the position. A partition that was not read yet, or seeks, has nothing to emit.
/// </para>
/// </summary>
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

    internal bool IsBounded => End != long.MaxValue;

    // ---- Shared by threads; guarded by the gate of ChunkHandover.

    /// <summary>
    /// What chunks, returned bytes and commits must name. Rewinding counts it up; -1 once the partition is another's.
    /// </summary>
    internal int Generation { get; set; }

    /// <summary>Bytes of this generation's chunks that were offered and not returned. Never negative.</summary>
    internal long InFlightBytes { get; set; }

    /// <summary>Set above the limit, cleared below half of it.</summary>
    internal bool OverLimit { get; set; }

    /// <summary>Where the engine wants to read; -1 = nothing new.</summary>
    internal long Target { get; set; } = -1;

    /// <summary>The offset that the broker last acknowledged; -1 = none.</summary>
    internal long Committed { get; set; } = -1;

    // ---- The consumer's thread alone, from here on.

    internal ConsumedState State { get; private set; } = ConsumedState.Waiting;

    internal bool IsReading => State == ConsumedState.Reading;

    /// <summary>
    /// The generation of what is being read; older than <see cref="Generation"/> while a rewind waits.
    /// </summary>
    internal int ReadGeneration { get; private set; }

    /// <summary>
    /// The offset that the engine last named: where a pending seek goes, and what an out-of-range answer speaks of.
    /// </summary>
    internal long RequestedOffset { get; private set; }

    /// <summary>When the pending seek was first tried, in ticks of the stopwatch.</summary>
    internal long SeekSince { get; private set; }

    /// <summary>The offset of the next record; the end of the open chunk.</summary>
    internal long Position { get; private set; }

    /// <summary>
    /// What librdkafka was last told; null = nothing since the partition came. It may be paused then: librdkafka
    /// remembers that of a partition that went and came back.
    /// </summary>
    internal bool? Paused { get; private set; }

    /// <summary>The stage has no room: the open chunk waits.</summary>
    internal bool IsBlocked { get; set; }

    /// <summary>Whether the next chunk has to say that the end of the log is reached, or one said so.</summary>
    internal EndNotice EndNotice { get; private set; }

    /// <summary>The end of the log as the broker told it last; -1 = not yet.</summary>
    internal long LogEnd { get; set; } = -1;

    /// <summary>The leader's epoch at which the newest chunk was written; -1 = not known.</summary>
    internal int LeaderEpoch { get; set; } = -1;

    internal ChunkBuilder Open { get; }

    /// <summary>
    /// Whether there is something to emit: records, offsets without one, or that the end of the log is reached.
    /// </summary>
    internal bool HasNews => Open.Count > 0 || Open.From != Position || EndNotice == EndNotice.Due;

    /// <summary>
    /// Since when there is something to emit, in ticks of the stopwatch. An end waits no longer than a record does
    /// while other partitions are busy: until it is told, its partition holds the others back.
    /// </summary>
    internal long NewsSince => Open.Count > 0 ? Open.Since : _endSince;

    // When the end of the log was reached without a record.
    long _endSince;

    /// <summary>The start offset could not be committed yet. Nobody hears of the partition before it is.</summary>
    internal void AwaitStartCommit()
    {
        Invariant.Holds(State == ConsumedState.Waiting && Target < 0, "a start offset is committed before anybody hears of the partition");
        State = ConsumedState.Uncommitted;
    }

    /// <summary>The start offset is committed.</summary>
    internal void StartCommitted()
    {
        if (State == ConsumedState.Uncommitted)
            State = ConsumedState.Waiting;
    }

    /// <summary>Learns where the engine wants to read. Until the seek succeeded, nothing that comes counts.</summary>
    internal void LearnTarget(ChunkHandover handover, long now)
    {
        if (!handover.TryGetTarget(this, out var target, out var generation))
            return;
        Invariant.Holds(State != ConsumedState.Uncommitted, "nobody names an offset of a partition that nobody has heard of");
        ReadGeneration = generation;
        RequestedOffset = target;
        Position = target;
        Open.Clear(target);
        EndNotice = EndNotice.None;
        IsBlocked = false;
        State = ConsumedState.Seeking;
        SeekSince = now;
    }

    /// <summary>Reads from the offset that the engine named, where one waits for that.</summary>
    /// <param name="seek">
    /// Has the consumer read from <see cref="RequestedOffset"/> on; false where it cannot yet.
    /// </param>
    /// <returns>False where it has to be tried again.</returns>
    internal bool TryStartReading(Func<ConsumedPartition, bool> seek)
    {
        if (State != ConsumedState.Seeking)
            return true;
        if (!seek(this))
            return false;
        State = ConsumedState.Reading;
        return true;
    }

    /// <summary>A record was appended to the open chunk.</summary>
    internal void Advance(long position)
    {
        Position = position;
        EndNotice = EndNotice.None;
    }

    /// <summary>The log ends here for now.</summary>
    internal void ReachLogEnd(long offset, long now)
    {
        Position = offset;
        EndNotice = EndNotice.Due;
        _endSince = now;
    }

    /// <summary>
    /// The bounded end: what lies at or above it belongs to the next run, so the position is the end itself.
    /// </summary>
    internal void ReachEnd()
    {
        Invariant.Holds(IsReading && IsBounded, "only a partition of a bounded run that is read ends");
        Position = Math.Max(Open.From, End);
        State = ConsumedState.Ended;
        EndNotice = EndNotice.Due;
    }

    /// <summary>A chunk up to the position is made.</summary>
    /// <param name="toldEnd">Whether it says that the end of the log is reached.</param>
    internal void Emitted(bool toldEnd) => EndNotice = toldEnd ? EndNotice.Told : EndNotice.None;

    /// <summary>It is to be paused, or not to be. Returns whether librdkafka has to be told that.</summary>
    internal bool Pause(bool isPaused)
    {
        if (isPaused == Paused)
            return false;
        Paused = isPaused;
        return true;
    }

    /// <summary>The engine reads no more.</summary>
    internal void StopReading()
    {
        if (State != ConsumedState.Uncommitted)
            State = ConsumedState.Stopped;
    }

    /// <summary>The partition went to another consumer.</summary>
    internal void Fence() => State = ConsumedState.Fenced;
}

/// <summary>What is done with a <see cref="ConsumedPartition"/>.</summary>
enum ConsumedState
{
    /// <summary>The start offset is not committed yet: nobody has heard of the partition.</summary>
    Uncommitted,

    /// <summary>The engine has heard of it, and has not said where to read from.</summary>
    Waiting,

    /// <summary>The engine named an offset, and librdkafka does not read from there yet.</summary>
    Seeking,

    /// <summary>Records count.</summary>
    Reading,

    /// <summary>A bounded run has all records below its end.</summary>
    Ended,

    /// <summary>The engine reads no more.</summary>
    Stopped,

    /// <summary>The partition went to another consumer.</summary>
    Fenced,
}

/// <summary>Whether the stream knows that a partition is at the end of its log.</summary>
enum EndNotice
{
    /// <summary>It is not there, as far as is known.</summary>
    None,

    /// <summary>The next chunk has to say so.</summary>
    Due,

    /// <summary>A chunk said so, and no record came since.</summary>
    Told,
}
