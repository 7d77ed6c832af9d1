using Akka.Event;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>With <c>start = latest</c>: where a partition begins is committed before anybody hears of it.</summary>
public sealed class AssignmentTests : IDisposable
{
    const int CommitIntervalMs = 100;
    static readonly TopicPartition First = new("t", 0);
    static readonly TopicPartition Second = new("t", 1);
    readonly GroupBroker _broker = new();
    readonly TestListener _listener = new();
    readonly ManualTime _time = new();
    readonly OffsetCommitter _committer;
    readonly Assignment _assignment;

    public AssignmentTests()
    {
        var settings = new ConsumerSettings { GroupId = "g", BootstrapServers = "none", CommitIntervalMs = CommitIntervalMs, StartAtEarliest = false };
        var handover = new ChunkHandover(1 << 20, 16);
        _committer = new OffsetCommitter(settings, handover, NoLogger.Instance, _time);
        _assignment = new Assignment(settings, new AutoSubscription(["t"], null), _listener, handover, _committer, NoLogger.Instance);
        _committer.Attach(_broker);
        _assignment.Attach(_broker);
        _listener.OnAssigned = starts => Assert.All(
            starts, start => Assert.Equal(start.CommittedOffset, _broker.Offsets.GetValueOrDefault(new TopicPartition(start.Topic, start.Partition), -1)));
    }

    public void Dispose() => _assignment.Dispose();

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
        _assignment.OnRevoked([new TopicPartitionOffset(First, Offset.Unset)]);
        Round(ErrorCode.NoError);
        Round(ErrorCode.NoError);
        Assert.Empty(_listener.Starts);
        _assignment.ThrowIfFailed();
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

        internal long End { get; set; } = 100;

        internal Dictionary<TopicPartition, long> Offsets { get; } = [];

        public IReadOnlyDictionary<TopicPartition, long> Committed(IReadOnlyCollection<TopicPartition> partitions) =>
            partitions.ToDictionary(p => p, p => Offsets.GetValueOrDefault(p, -1));

        public IReadOnlyDictionary<TopicPartition, long> Starts(IReadOnlyCollection<TopicPartition> partitions) => partitions.ToDictionary(p => p, _ => 0L);

        public IReadOnlyDictionary<TopicPartition, long> Ends(IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation) =>
            partitions.ToDictionary(p => p, _ => End);

        public IReadOnlyList<TopicInfo> Describe(IReadOnlyCollection<string> topics) => [.. topics.Select(t => new TopicInfo(t, 2, ""))];

        public IOffsetCommit Commit(IReadOnlyCollection<PartitionOffset> offsets) => new Request(this, offsets);

        public void Dispose()
        {
        }
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
