using Akka.Actor;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Questions;

public sealed class KeyGroupReporterTests
{
    static readonly Address Node = new("akka.tcp", "akkajoin", "h", 1);

    [Fact]
    public void The_lag_is_what_lies_above_the_covered_offsets_where_it_can_still_be_read()
    {
        var covered = new[] { Applied(Side.Left, 0, 90), Applied(Side.Left, 1, 10), Applied(Side.Right, 0, 120) };
        var offsets = new Dictionary<TopicPartition, (long, long)>
        {
            [new("l", 0)] = (0, 100), // 10 to read
            [new("l", 1)] = (40, 100), // 60: what was deleted counts no more
            [new("l", 2)] = (5, 7), // 2: never heard of
            [new("r", 0)] = (0, 110), // 0: covered meanwhile
        };
        var report = Report("r", covered, offsets);
        Assert.Equal((KeyGroupState.Running, "akka.tcp://akkajoin@h:1", 72), (report.State, report.Node, report.Lag));
        Assert.Null(Report("r", covered, null).Lag);
    }

    [Fact]
    public void A_topic_that_is_joined_with_itself_counts_once_by_the_side_that_is_behind()
    {
        var covered = new[] { Applied(Side.Left, 0, 90), Applied(Side.Right, 0, 70) };
        Assert.Equal(30, Report("l", covered, new Dictionary<TopicPartition, (long, long)> { [new("l", 0)] = (0, 100) }).Lag);
    }

    [Fact]
    public void Each_side_names_the_partition_that_holds_its_time_back()
    {
        var report = Report("r", [], null);
        Assert.Equal(new WatermarkReport(1_000, "l", 12), report.Left);
        Assert.Equal(new WatermarkReport(null, "r", 3), report.Right);
        Assert.Equal(new SnapshotReport(4, DateTimeOffset.FromUnixTimeMilliseconds(5_000)), report.Snapshot);
        Assert.Equal((9L, 7, 5L), (report.Waiting, report.Buffered, report.Sequence));
    }

    [Fact]
    public void A_group_that_does_not_answer_is_recovering_where_it_has_a_node_that_can_be_asked()
    {
        var reporter = new KeyGroupReporter(Join("r"));
        var location = new KeyGroupLocation(2, Node, HasKeyGroup: true);
        Assert.Equal(new KeyGroupReport(2, Node.ToString(), KeyGroupState.Recovering), reporter.Report(2, location, null, null));
        Assert.Equal(new KeyGroupReport(2, Node.ToString(), KeyGroupState.Recovering), reporter.Report(2, location with { HasKeyGroup = false }, null, null));
        Assert.Equal(new KeyGroupReport(2, Node.ToString(), KeyGroupState.Unreachable), reporter.Report(2, location with { IsReachable = false }, null, null));
        Assert.Equal(new KeyGroupReport(2, null, KeyGroupState.NotStarted), reporter.Report(2, null, null, null));
    }

    static AppliedPartition Applied(Side side, int partition, long through) => new(new PartitionId(side, 0, partition), through);

    static KeyGroupReport Report(string right, AppliedPartition[] applied, Dictionary<TopicPartition, (long Start, long End)>? offsets) =>
        new KeyGroupReporter(Join(right)).Report(2, new KeyGroupLocation(2, Node, HasKeyGroup: true), Status(applied), offsets);

    static KeyGroupStatus Status(AppliedPartition[] applied) => new(2)
    {
        Sequence = 5,
        LastConfirmed = 5,
        Left = new SideLedger { Received = 4, Waiting = 4 },
        Right = new SideLedger { Received = 5, Waiting = 5 },
        LeftWatermark = 1_000,
        RightWatermark = SideWatermarks.None,
        LeftHolder = "left/0/12",
        RightHolder = "right/0/3",
        Buffered = 7,
        StateBytes = 100,
        JournalBytes = 200,
        LeftWatermarkThatCloses = 0,
        RightWatermarkThatCloses = 0,
        IsIdle = true,
        Rows = 0,
        LateCopies = 0,
        Events = 5,
        Unconfirmed = 0,
        Applied = applied,
        Node = Node.ToString(),
        SnapshotSequence = 4,
        SnapshotTimeMs = 5_000,
    };

    static Pipeline.Settings.JoinSettings Join(string right) => Pipeline.Settings.Reading.ConfigReader.ReadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1"
          joins.j { type = full, before = 0s, after = 1s, left.topic = l, right.topic = {{right}}, output.topic = o }
        }
        """,
        "test.conf").Settings.Joins[0];
}
