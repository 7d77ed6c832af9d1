using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Journal;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// The partitions of this consumer, and the rebalance callbacks that change them. Used by the consumer's thread. A
/// callback never throws: <see cref="ThrowIfFailed"/> throws what went wrong in it.
/// </summary>
sealed class Assignment : IRebalanceHandler
{
    // How long a callback waits for a journal that is away. Well below max.poll.interval.ms, which is minutes: beyond
    // that the broker gives the partitions to others.
    internal const int JournalPatienceMs = 60_000;
    const int JournalRetryMs = 250;

    readonly ConsumerSettings _settings;
    readonly AutoSubscription _subscription;
    readonly IAssignmentListener _listener;
    readonly ChunkHandover _handover;
    readonly OffsetCommitter _committer;
    readonly ILoggingAdapter _log;
    readonly MissingOffsets _missing;
    readonly List<ConsumedPartition> _partitions = [];

    // Each topic's name in UTF-8, as messages carry it.
    readonly (byte[] Utf8, string Name)[] _topics;

    // Partitions whose start is not committed yet.
    readonly List<PartitionStart> _unannounced = [];
    IGroupBroker? _broker;
    Exception? _failure;
    bool _changed;
    bool _closing;

    internal Assignment(
        ConsumerSettings settings,
        AutoSubscription subscription,
        IAssignmentListener listener,
        ChunkHandover handover,
        OffsetCommitter committer,
        ILoggingAdapter log,
        TimeProvider? time = null)
    {
        _missing = new MissingOffsets(settings, committer, Check, log, time);
        _settings = settings;
        _subscription = subscription;
        _listener = listener;
        _handover = handover;
        _committer = committer;
        _log = log;
        _topics = [.. subscription.Topics.Select(t => (Encoding.UTF8.GetBytes(t), t))];
    }

    internal IReadOnlyList<ConsumedPartition> Partitions => _partitions;

    internal void Attach(IGroupBroker broker)
    {
        _broker = broker;
        _missing.Attach(broker);
    }

    /// <summary>The consumer is about to close: partitions that still come are not taken.</summary>
    internal void Closing() => _closing = true;

    /// <summary>Whether partitions came since the last call.</summary>
    internal bool ClearChanged()
    {
        var changed = _changed;
        _changed = false;
        return changed;
    }

    /// <summary>Throws what went wrong in a callback.</summary>
    internal void ThrowIfFailed()
    {
        if (_failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
    }

    internal unsafe ConsumedPartition? Find(NativeMessage* message)
    {
        if (message->Topic == 0)
            return null;
        var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(RdKafka.rd_kafka_topic_name(message->Topic));
        foreach (var (utf8, topic) in _topics)
        {
            if (name.SequenceEqual(utf8))
                return Find(topic, message->Partition);
        }

        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        if (!_closing && _failure is null && partitions.Count > 0)
        {
            try
            {
                return Accept(partitions);
            }
            catch (Exception e)
            {
                _failure = e;
            }
        }

        // Something has to be answered; what is read of them is dropped.
        return [.. partitions.Select(p => new TopicPartitionOffset(p, Offset.End))];
    }

    /// <summary>Tells the listener of partitions whose start is committed by now.</summary>
    internal void TellCommitted()
    {
        if (_unannounced.Count == 0)
            return;
        _unannounced.RemoveAll(s => Find(s.Topic, s.Partition)?.Generation != s.Generation);
        var committed = _unannounced.Where(s => Find(s.Topic, s.Partition)!.State != ConsumedState.Uncommitted).ToList();
        _unannounced.RemoveAll(committed.Contains);
        if (committed.Count > 0)
            _listener.Assigned(committed);
    }

    /// <inheritdoc/>
    public void OnRevoked(List<TopicPartition> partitions)
    {
        var ended = Fence(partitions);
        if (ended.Count > 0)
            Tell(() => _listener.Revoked([.. ended.Select(e => e.Ended)], offsets => CommitRevoked(ended, offsets)));
    }

    /// <inheritdoc/>
    public void OnLost(List<TopicPartition> partitions)
    {
        var ended = Fence(partitions);
        if (ended.Count > 0)
            Tell(() => _listener.Lost([.. ended.Select(e => e.Ended)]));
    }

    /// <summary>The broker has answered that the log does not hold the offset that was asked for.</summary>
    internal void OutOfRange(ConsumedPartition partition) => _missing.Add(partition);

    /// <summary>Throws where a partition's next offset is missing, and it is no other consumer's by now.</summary>
    internal void ThrowIfOutOfRange() => _missing.ThrowIfOwn();

    // The join begins with it at its first record, so what was deleted before that was read is lost.
    static KafkaStopException AddedAndGone(TopicPartition partition, long start) => new(string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{partition.Topic}/{partition.Partition.Value}: the log no longer holds offset 0, at which the join begins with a partition that "
        + $"was added; it starts at {start}. ")
        + "Records below were deleted before they were read. Nothing was skipped. Restore the topic, "
        + "or start over with a new group-id and an empty journal.");

    ConsumedPartition? Find(string topic, int partition)
    {
        foreach (var p in _partitions)
        {
            if (p.Partition == partition && ReferenceEquals(p.Topic, topic))
                return p;
        }

        return null;
    }

    List<TopicPartitionOffset> Accept(List<TopicPartition> partitions)
    {
        // The starts first: what is deleted after that was read by whoever committed since.
        var starts = _broker!.Starts(partitions);
        var committed = _broker.Committed(partitions);
        var ends = _broker.Ends(partitions);
        var infos = _broker.Describe([.. partitions.Select(p => p.Topic).Distinct()]);
        Check(infos);
        var counts = infos.ToDictionary(i => i.Name, i => i.Partitions);
        foreach (var p in partitions)
            CheckRange(p, committed[p], starts[p], ends[p]);

        // Before anything is committed.
        var added = partitions.Where(p => committed[p] < 0);
        var origins = ReadOrigins(partitions, added.ToDictionary(p => p, p => FirstOffset(p, starts[p], ends[p])));
        Invariant.Holds(
            _subscription.Sources.Origins is null || partitions.All(p => committed[p] >= 0 || origins[p] is not null),
            "an origin is durable before the first offset of its partition is committed");
        var taken = partitions.ConvertAll(
            p => NewStart(p, committed[p], origins[p], starts[p], ends[p], Math.Max(counts[p.Topic], p.Partition.Value + 1)));
        CommitStarts(taken);
        _changed = true;
        Announce(taken);
        return taken.ConvertAll(s => new TopicPartitionOffset(s.Topic, s.Partition, s.CommittedOffset));
    }

    // A journal that is away for seconds ends no node: a rebalance that comes meanwhile waits for it.
    Dictionary<TopicPartition, long?> ReadOrigins(List<TopicPartition> partitions, Dictionary<TopicPartition, long> added)
    {
        var since = Stopwatch.StartNew();
        var isTold = false;
        while (true)
        {
            try
            {
                _subscription.Sources.Origins?.Add(added);
                return partitions.ToDictionary(p => p, p => _subscription.Sources.Origins?.Find(p));
            }
            catch (JournalException e) when (!_handover.IsShutdownRequested && since.ElapsedMilliseconds < JournalPatienceMs)
            {
                if (!isTold)
                    _log.Warning(
                        "{0} partitions of consumer group {1} wait for the journal, at most {2} s: {3}",
                        partitions.Count,
                        _settings.GroupId,
                        JournalPatienceMs / 1000,
                        e.Message);
                isTold = true;
                Thread.Sleep(JournalRetryMs);
            }
        }
    }

    // The topic is another one now: what was read of the old one is not committed.
    void Check(IReadOnlyList<TopicInfo> infos)
    {
        try
        {
            _subscription.Sources.Check(infos);
        }
        catch (TopicMadeAgainException)
        {
            _handover.RefuseCommits();
            throw;
        }
    }

    void CheckRange(TopicPartition partition, long committed, long start, long end)
    {
        if (committed < 0 && start > 0 && _subscription.Sources.IsAdded(partition.Topic, partition.Partition.Value))
            throw AddedAndGone(partition, start);
        if (committed < 0 || (committed >= start && committed <= end))
            return;

        // Above what read_committed shows, yet within the log: an open transaction was committed beyond by another
        // reader.
        if (committed > end && committed <= _broker!.Ends([partition], IsolationLevel.ReadUncommitted)[partition])
            return;
        throw _missing.Deleted(partition, committed, start.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    PartitionStart NewStart(TopicPartition p, long committed, long? origin, long start, long end, int count)
    {
        // The very string of _topics, so that Find compares references.
        var topic = Array.Find(_topics, t => t.Name == p.Topic).Name ?? p.Topic;
        var bound = _subscription.Ends is null ? long.MaxValue : _subscription.Ends.GetValueOrDefault(p, 0);
        var partition = new ConsumedPartition(topic, p.Partition.Value, _handover.NextGeneration(), bound, _settings.ChunkBytesMax);
        _partitions.RemoveAll(old => old.Topic == topic && old.Partition == partition.Partition);
        _partitions.Add(partition);
        _handover.Register(partition);
        var offset = committed >= 0 ? committed : origin >= start && origin <= end ? origin.Value : FirstOffset(p, start, end);
        return new PartitionStart(topic, partition.Partition, partition.Generation, offset, committed >= 0, start, end, count)
        {
            Origin = origin ?? OriginOf(p, offset),
        };
    }

    long FirstOffset(TopicPartition p, long start, long end) =>
        _settings.StartAtEarliest || _subscription.Sources.IsAdded(p.Topic, p.Partition.Value) ? start : end;

    // Where the journal does not say it: a partition that was added is read from its first record.
    long OriginOf(TopicPartition p, long offset) =>
        _subscription.Sources.Origins is null ? offset
            : _subscription.Sources.IsAdded(p.Topic, p.Partition.Value) ? 0
            : PartitionOrigins.Unknown;

    // Nobody may hear of a start that is not committed. The next consumer would begin elsewhere, and some key groups
    // would know of this start and others not.
    void Announce(List<PartitionStart> starts)
    {
        _unannounced.AddRange(starts.Where(s => Find(s.Topic, s.Partition)!.State == ConsumedState.Uncommitted));
        var committed = starts.Where(s => Find(s.Topic, s.Partition)!.State != ConsumedState.Uncommitted).ToList();
        if (committed.Count > 0)
            _listener.Assigned(committed);
    }

    /// <summary>
    /// Commits where reading will begin, so that a crash before the first commit does not move the start.
    /// </summary>
    void CommitStarts(List<PartitionStart> starts)
    {
        var missing = starts.Where(s => !s.WasCommitted)
            .Select(s => new PartitionOffset(s.Topic, s.Partition, s.Generation, s.CommittedOffset)).ToList();
        if (_committer.CommitNow(missing) == ErrorCode.NoError)
            return;

        // The consumer group may be in the middle of another rebalance. Nobody hears of these partitions until the
        // commit succeeds.
        foreach (var m in missing)
            Find(m.Topic, m.Partition)!.AwaitStartCommit();
        _handover.RequeueCommits(missing);
    }

    List<(TopicPartitionGeneration Ended, ConsumedPartition Partition)> Fence(List<TopicPartition> partitions)
    {
        List<(TopicPartitionGeneration, ConsumedPartition)> ended = [];
        foreach (var p in partitions)
        {
            var index = _partitions.FindIndex(c => c.Topic == p.Topic && c.Partition == p.Partition.Value);
            if (index < 0)
                continue;
            var partition = _partitions[index];
            _partitions.RemoveAt(index);
            partition.Fence();
            if (_handover.Fence(partition.Topic, partition.Partition) is { } generation)
                ended.Add((generation, partition));
        }

        return ended;
    }

    void CommitRevoked(
        List<(TopicPartitionGeneration Ended, ConsumedPartition Partition)> ended, IReadOnlyList<PartitionOffset> offsets)
    {
        var own = offsets.Where(
            o => ended.Exists(e => e.Ended == new TopicPartitionGeneration(o.Topic, o.Partition, o.Generation))).ToList();
        var answer = _committer.CommitNow(own);
        if (answer != ErrorCode.NoError)
            _log.Warning(
                "the offsets of {0} revoked partitions were not committed: {1}; their next owner reads these records again",
                own.Count,
                answer);
    }

    void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e)
        {
            _failure ??= e;
        }
    }
}
