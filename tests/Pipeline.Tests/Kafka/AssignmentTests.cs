using Akka.Event;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Tests.Clocks;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>
/// With <c>start = latest</c>: where a partition begins is committed before anybody hears of it. Records that were
/// deleted stop the consumer that owns their partition, and no other.
/// </summary>
public sealed class AssignmentTests
{
    const int CommitIntervalMs = 100;
    static readonly TopicPartition First = new("t", 0);
    static readonly TopicPartition Second = new("t", 1);
    readonly GroupBroker _broker = new();
    readonly TestListener _listener = new();
    readonly ManualTime _time = new();
    readonly ChunkHandover _handover = new(1 << 20, 16);
    readonly OffsetCommitter _committer;
    readonly Assignment _assignment;

    public AssignmentTests()
    {
        var settings = new ConsumerSettings { GroupId = "g", BootstrapServers = "none", CommitIntervalMs = CommitIntervalMs, StartAtEarliest = false };
        _committer = new OffsetCommitter(settings, _handover, NoLogger.Instance, _time.Provider);
        _assignment = new Assignment(
            settings, new AutoSubscription(["t"], null), _listener, _handover, _committer, NoLogger.Instance, _time.Provider);
        _committer.Attach(_broker);
        _assignment.Attach(_broker);
        _listener.OnAssigned = starts => Assert.All(
            starts, start => Assert.Equal(start.CommittedOffset, _broker.Offsets.GetValueOrDefault(new TopicPartition(start.Topic, start.Partition), -1)));
    }

    [Fact]
    public void Nobody_hears_of_a_partition_before_its_start_is_committed()
    {
        Assign(First);
        Assert.Empty(_listener.Starts);

        // Whoever began anew would begin elsewhere by now.
        _broker.End = 150;
        foreach (var answer in new ErrorCode?[] { null, ErrorCode.RebalanceInProgress, null, ErrorCode.Local_TimedOut })
        {
            Round(answer);
            Assert.Empty(_listener.Starts);
        }

        Round(ErrorCode.NoError);
        Round(ErrorCode.NoError);
        var start = Assert.Single(_listener.Starts);
        Assert.Equal(("t", 0, 100L, false), (start.Topic, start.Partition, start.CommittedOffset, start.WasCommitted));
        _assignment.ThrowIfFailed();
    }

    [Fact]
    public void A_start_that_is_committed_at_once_is_told_at_once()
    {
        _broker.Answer = ErrorCode.NoError;
        Assign(First);
        Assert.Equal(100, Assert.Single(_listener.Starts).CommittedOffset);
        _assignment.ThrowIfFailed();
    }

    [Fact]
    public void A_partition_that_has_a_committed_offset_does_not_wait_for_one_that_has_none()
    {
        _broker.Offsets[Second] = 7;
        Assign(First, Second);
        var start = Assert.Single(_listener.Starts);
        Assert.Equal((1, 7L, true), (start.Partition, start.CommittedOffset, start.WasCommitted));
        Round(null);
        Round(ErrorCode.NoError);
        Assert.Equal([1, 0], _listener.Starts.Select(s => s.Partition));
        _assignment.ThrowIfFailed();
    }

    [Fact]
    public void Nobody_hears_of_a_partition_that_goes_before_its_start_is_committed()
    {
        Assign(First);
        Round(null);
        _assignment.OnRevoked([First]);
        Round(ErrorCode.NoError);
        Round(ErrorCode.NoError);
        Assert.Empty(_listener.Starts);
        _assignment.ThrowIfFailed();
    }

    [Fact]
    public void Of_a_partition_that_is_still_its_own_a_consumer_stops_for_records_that_were_deleted()
    {
        ReadFirstFrom(7);
        _broker.Start = 20;
        _broker.Answer = ErrorCode.NoError;
        _assignment.OutOfRange(_assignment.Partitions[0]);
        var stop = Assert.Throws<KafkaStopException>(_assignment.ThrowIfOutOfRange);
        Assert.Contains("t/0: the log no longer holds offset 7", stop.Message, StringComparison.Ordinal);
        Assert.Contains("it starts at 20", stop.Message, StringComparison.Ordinal);
        Assert.Equal(7, _broker.Offsets[First]);
    }

    [Fact]
    public void A_consumer_that_stood_still_does_not_stop_for_records_that_the_next_owner_has_read()
    {
        ReadFirstFrom(7);
        (_broker.Offsets[First], _broker.Start) = (30, 20);
        _assignment.OutOfRange(_assignment.Partitions[0]);
        foreach (var answer in new ErrorCode?[] { null, ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration })
        {
            _broker.Answer = answer;
            _assignment.ThrowIfOutOfRange();
            _time.Advance(1_000);
        }

        _assignment.OnLost([First]);
        _broker.Answer = ErrorCode.NoError;
        _assignment.ThrowIfOutOfRange();
        Assert.Equal(30, _broker.Offsets[First]);
    }

    [Fact]
    public void A_partition_that_stays_after_a_rebalance_is_asked_about_again()
    {
        ReadFirstFrom(7);
        _broker.Start = 20;
        _assignment.OutOfRange(_assignment.Partitions[0]);
        _broker.Answer = ErrorCode.RebalanceInProgress;
        _assignment.ThrowIfOutOfRange();
        _broker.Answer = ErrorCode.NoError;
        _assignment.ThrowIfOutOfRange();
        _time.Advance(1_000);
        Assert.Throws<KafkaStopException>(_assignment.ThrowIfOutOfRange);
    }

    [Fact]
    public void A_consumer_that_nobody_answers_whether_a_partition_is_still_its_own_stops_after_a_minute()
    {
        ReadFirstFrom(7);
        _broker.Start = 20;
        _assignment.OutOfRange(_assignment.Partitions[0]);
        _assignment.ThrowIfOutOfRange();
        _time.Advance(60_000);
        Assert.Throws<KafkaStopException>(_assignment.ThrowIfOutOfRange);
    }

    [Fact]
    public void Records_that_are_deleted_after_the_start_was_asked_for_and_that_another_has_read_stop_nobody()
    {
        _broker.Offsets[First] = 7;
        _broker.StartAsked = () => (_broker.Offsets[First], _broker.Start) = (30, 20);
        _assignment.OnAssigned([First]);
        _assignment.ThrowIfFailed();
        Assert.Equal(30, Assert.Single(_listener.Starts).CommittedOffset);
    }

    void ReadFirstFrom(long offset)
    {
        _broker.Offsets[First] = offset;
        Assign(First);
        _handover.StartReading("t", 0, _listener.Starts.Single().Generation, offset);
        _assignment.Partitions[0].LearnTarget(_handover, _time.NowMs);
        Assert.True(_assignment.Partitions[0].TryStartReading(_ => true));
    }

    void Assign(params TopicPartition[] partitions) => Assert.Equal(
        partitions.Select(p => _broker.Offsets.GetValueOrDefault(p, _broker.End)),
        _assignment.OnAssigned([.. partitions]).Select(p => p.Offset.Value));

    // What ChunkPoller does between two reads: looks for an answer, sends what waits, and tells what is committed.
    void Round(ErrorCode? answer)
    {
        _broker.Answer = answer;
        _time.Advance(CommitIntervalMs);
        _committer.Advance(_assignment.Partitions);
        _committer.Advance(_assignment.Partitions);
        _assignment.TellCommitted();
    }

    /// <summary>A topic of two partitions, and answers to commits as the test wants them; at first none.</summary>
    sealed class GroupBroker : IGroupBroker
    {
        internal ErrorCode? Answer { get; set; }

        internal long Start { get; set; }

        internal Action StartAsked { get; set; } = () => { };

        internal long End { get; set; } = 100;

        internal Dictionary<TopicPartition, long> Offsets { get; } = [];

        public IReadOnlyDictionary<TopicPartition, long> Committed(IReadOnlyCollection<TopicPartition> partitions) =>
            partitions.ToDictionary(p => p, p => Offsets.GetValueOrDefault(p, -1));

        public IReadOnlyDictionary<TopicPartition, long> Starts(IReadOnlyCollection<TopicPartition> partitions)
        {
            var start = Start;
            StartAsked();
            return partitions.ToDictionary(p => p, _ => start);
        }

        public IReadOnlyDictionary<TopicPartition, long> Ends(IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation) =>
            partitions.ToDictionary(p => p, _ => End);

        public IReadOnlyList<TopicInfo> Describe(IReadOnlyCollection<string> topics) => [.. topics.Select(t => new TopicInfo(t, 2, ""))];

        public IOffsetCommit Commit(IReadOnlyCollection<PartitionOffset> offsets) => new Request(this, offsets);
    }

    sealed class Request(GroupBroker broker, IReadOnlyCollection<PartitionOffset> offsets) : IOffsetCommit
    {
        public ErrorCode? Wait(int timeoutMs)
        {
            foreach (var offset in broker.Answer == ErrorCode.NoError ? offsets : [])
                broker.Offsets[new TopicPartition(offset.Topic, offset.Partition)] = offset.Offset;
            return broker.Answer;
        }

        public void Dispose()
        {
        }
    }
}
