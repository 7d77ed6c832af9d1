using System.Text;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Journal;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class PartitionOriginTests : IGroupBroker, IJoinCatalog
{
    static readonly TopicPartition First = new("t", 0);
    readonly Dictionary<TopicPartition, long> _committed = [];
    readonly Dictionary<string, byte[]> _values = [];
    readonly List<string> _done = [];
    long _end = 100;

    int _failures;

    [Fact]
    public void The_offset_at_which_a_partition_begins_is_in_the_catalogue_before_it_is_committed()
    {
        Assert.Equal((100, 100), Assign(latest: true));
        Assert.Equal(["source-origin:t/0 = 100", "t/0 committed at 100"], _done);
    }

    [Fact]
    public void What_is_committed_later_does_not_move_the_origin()
    {
        Assign();
        _committed[First] = 80;
        Assert.Equal((10, 80), Assign());
        Assert.Equal(2, _done.Count);
    }

    [Fact]
    public void A_start_that_a_crash_kept_from_being_committed_stays_though_the_log_has_grown()
    {
        Assign(latest: true);
        _committed.Clear();
        _end = 200;
        Assert.Equal((100, 100), Assign(latest: true));
    }

    [Fact]
    public void A_journal_that_is_older_than_the_offsets_knows_no_origin()
    {
        _committed[First] = 80;
        Assert.Equal((PartitionOrigins.Unknown, 80), Assign());
        Assert.Empty(_done);
    }

    [Fact]
    public void A_partition_that_was_added_began_at_its_first_record_whatever_the_journal_knows()
    {
        _committed[First] = 80;
        Assert.Equal((0, 80), Assign(partitionsAtBeginning: 0));
    }

    [Fact]
    public void A_rebalance_while_the_journal_is_away_waits_for_it()
    {
        _failures = 2;
        _committed[First] = 80;
        _values["source-origin:t/0"] = "40"u8.ToArray();
        Assert.Equal((40, 80), Assign());
        Assert.True(_failures <= 0, "it was not asked again");
    }

    [Fact]
    public void A_partition_that_was_added_and_has_lost_its_first_records_already_stops_the_join()
    {
        var stop = Assert.Throws<KafkaStopException>(() => Assign(partitionsAtBeginning: 0));
        Assert.Contains("the log no longer holds offset 0", stop.Message, StringComparison.Ordinal);
        Assert.Contains("it starts at 10", stop.Message, StringComparison.Ordinal);
        Assert.Empty(_done);
    }

    [Fact]
    public void Of_two_nodes_that_begin_a_partition_both_go_by_the_first()
    {
        _values["source-origin:t/0"] = "40"u8.ToArray();
        Assert.Equal((40, 40), Assign());
        new PartitionOrigins(this, "j").Add(new Dictionary<TopicPartition, long> { [First] = 7, [new("t", 1)] = 8 });
        Assert.Equal((40L, 8L), (new PartitionOrigins(this, "j").Find(First), new PartitionOrigins(this, "j").Find(new("t", 1))));
    }

    (long Origin, long Begin) Assign(bool latest = false, int partitionsAtBeginning = 1)
    {
        var settings = new ConsumerSettings { GroupId = "g", BootstrapServers = "none", StartAtEarliest = !latest };
        var sources = new SourceTopics(new Dictionary<string, string>())
        {
            Origins = new PartitionOrigins(this, "j"),
            PartitionsAtBeginning = new Dictionary<string, int> { ["t"] = partitionsAtBeginning },
        };
        var handover = new ChunkHandover(1_000, 10);
        var committer = new OffsetCommitter(settings, handover, NoLogger.Instance);
        var listener = new TestListener();
        var assignment = new Assignment(settings, new AutoSubscription(["t"], null) { Sources = sources }, listener, handover, committer, NoLogger.Instance);
        committer.Attach(this);
        assignment.Attach(this);
        assignment.OnAssigned([First]);
        assignment.ThrowIfFailed();
        var start = Assert.Single(listener.Starts);
        return (start.Origin, start.CommittedOffset);
    }

    IReadOnlyDictionary<TopicPartition, long> IGroupBroker.Committed(IReadOnlyCollection<TopicPartition> partitions) =>
        partitions.ToDictionary(p => p, p => _committed.GetValueOrDefault(p, -1));

    IReadOnlyDictionary<TopicPartition, long> IGroupBroker.Starts(IReadOnlyCollection<TopicPartition> partitions) => partitions.ToDictionary(p => p, _ => 10L);

    IReadOnlyDictionary<TopicPartition, long> IGroupBroker.Ends(IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation) =>
        partitions.ToDictionary(p => p, _ => _end);

    IReadOnlyList<TopicInfo> IGroupBroker.Describe(IReadOnlyCollection<string> topics) => [.. topics.Select(t => new TopicInfo(t, 1, ""))];

    IOffsetCommit IGroupBroker.Commit(IReadOnlyCollection<PartitionOffset> offsets)
    {
        foreach (var offset in offsets)
        {
            _done.Add($"{offset.Topic}/{offset.Partition} committed at {offset.Offset}");
            _committed[new TopicPartition(offset.Topic, offset.Partition)] = offset.Offset;
        }

        return new Done();
    }

    byte[]? IJoinCatalog.Get(string join, string name) =>
        _failures-- > 0 ? throw new JournalException("the journal is away") : _values.GetValueOrDefault(name);

    void IJoinCatalog.Set(string join, IReadOnlyDictionary<string, byte[]> values) => throw new NotSupportedException();

    bool IJoinCatalog.TryAdd(string join, IReadOnlyDictionary<string, byte[]> values)
    {
        if (values.Keys.Any(_values.ContainsKey))
            return false;
        foreach (var (name, value) in values)
        {
            _values.Add(name, value);
            _done.Add($"{name} = {Encoding.UTF8.GetString(value)}");
        }

        return true;
    }

    bool IJoinCatalog.TryReplace(string join, string name, byte[]? expected, byte[] value) => throw new NotSupportedException();

    long IJoinCatalog.NextGeneration(string join) => throw new NotSupportedException();

    sealed class Done : IOffsetCommit
    {
        public ErrorCode? Wait(int timeoutMs) => ErrorCode.NoError;

        public void Dispose()
        {
        }
    }
}
