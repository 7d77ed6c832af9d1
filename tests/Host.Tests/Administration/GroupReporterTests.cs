using Akka.Actor;
using AkkaJoin.Host.Administration;
using AkkaJoin.Host.Administration.Reports;
using AkkaJoin.Host.Cli;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Administration;

public sealed class GroupReporterTests
{
    static readonly Address Node = new("akka.tcp", "akkajoin", "h", 1);

    [Fact]
    public void The_lag_is_what_lies_above_the_covered_offsets_where_it_can_still_be_read()
    {
        var covered = new[] { Covered(Side.Left, 0, 90), Covered(Side.Left, 1, 10), Covered(Side.Right, 0, 120) };
        var offsets = new Dictionary<TopicPartition, (long, long)>
        {
            [new("l", 0)] = (0, 100), // 10 to read
            [new("l", 1)] = (40, 100), // 60: what was deleted counts no more
            [new("l", 2)] = (5, 7), // 2: never heard of
            [new("r", 0)] = (0, 110), // 0: covered meanwhile
        };
        var report = Report("r", covered, offsets);
        Assert.Equal((GroupState.Running, "akka.tcp://akkajoin@h:1", 72), (report.State, report.Node, report.Lag));
        Assert.Null(Report("r", covered, null).Lag);
    }

    [Fact]
    public void A_topic_that_is_joined_with_itself_counts_once_by_the_side_that_is_behind()
    {
        var covered = new[] { Covered(Side.Left, 0, 90), Covered(Side.Right, 0, 70) };
        Assert.Equal(30, Report("l", covered, new Dictionary<TopicPartition, (long, long)> { [new("l", 0)] = (0, 100) }).Lag);
    }

    [Fact]
    public void Each_side_names_the_partition_that_holds_its_time_back()
    {
        var report = Report("r", [], null);
        Assert.Equal(new WatermarkReport(1_000, "l", 12), report.Left);
        Assert.Equal(new WatermarkReport(null, "r", 3), report.Right);
        Assert.Equal(new SnapshotReport(4, DateTimeOffset.FromUnixTimeMilliseconds(5_000)), report.Snapshot);
        Assert.Equal((9L, 7, 5L), (report.Resting, report.Held, report.Sequence));
    }

    [Fact]
    public void A_group_that_does_not_answer_is_recovering_where_it_has_a_node_that_can_be_asked()
    {
        var reporter = new GroupReporter(Join("r"));
        var home = new GroupHome(2, Node, HasGroup: true);
        Assert.Equal(new GroupReport(2, Node.ToString(), GroupState.Recovering), reporter.Report(2, home, null, null));
        Assert.Equal(new GroupReport(2, Node.ToString(), GroupState.Recovering), reporter.Report(2, home with { HasGroup = false }, null, null));
        Assert.Equal(new GroupReport(2, Node.ToString(), GroupState.Unreachable), reporter.Report(2, home with { IsReachable = false }, null, null));
        Assert.Equal(new GroupReport(2, null, GroupState.NotStarted), reporter.Report(2, null, null, null));
    }

    static CoveredPartition Covered(Side side, int partition, long through) => new(new PartitionId(side, 0, partition), through);

    static GroupReport Report(string right, CoveredPartition[] covered, Dictionary<TopicPartition, (long Start, long End)>? offsets) =>
        new GroupReporter(Join(right)).Report(2, new GroupHome(2, Node, HasGroup: true), Status(covered), offsets);

    static GroupStatus Status(CoveredPartition[] covered) => new(
        2, 5, 5, new SideLedger { Received = 4, Resting = 4 }, new SideLedger { Received = 5, Resting = 5 }, 1_000, SideWatermarks.None, "left/0/12", "right/0/3", 7,
        100, 200, 0, 0, true, 0, 0, 5, 0, covered)
    {
        Node = Node.ToString(),
        SnapshotSequence = 4,
        SnapshotTimeMs = 5_000,
    };

    static Pipeline.Settings.JoinSettings Join(string right) => ConfigLoader.LoadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1"
          joins.j { type = full, before = 0s, after = 1s, left.topic = l, right.topic = {{right}}, output.topic = o }
        }
        """,
        "test.conf").Settings.Joins[0];
}
