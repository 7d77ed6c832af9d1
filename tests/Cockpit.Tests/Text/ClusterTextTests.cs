using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Text;

public sealed class ClusterTextTests
{
    const string First = "akka.tcp://akkajoin@10.0.0.1:4053", Second = "akka.tcp://akkajoin@10.0.0.2:4053";

    [Fact]
    public void Members_stand_in_the_lines_of_pbm_and_key_groups_in_a_table()
    {
        var report = new ClusterReport(
            [
                new MemberReport(First, ["west"], ["plays"], "up", true, "0.2.0", true, true, true),
                new MemberReport(Second, [], ["plays"], "leaving", false, "0.1.0", false, false, false),
            ],
            [
                new JoinReport("plays",
                [
                    new KeyGroupReport(
                        0, First, KeyGroupState.Running, 12_345, 12_343, 2, 678, 9, 8, 3_500_000, 20_480,
                        new SnapshotReport(12_000, DateTimeOffset.FromUnixTimeMilliseconds(1_573_552_530_000)),
                        new WatermarkReport(1_573_552_500_000, "shown", 3), new WatermarkReport(null, "played", 1)),
                    new KeyGroupReport(1, First, KeyGroupState.Recovering),
                    new KeyGroupReport(2, Second, KeyGroupState.Unreachable),
                    new KeyGroupReport(10, null, KeyGroupState.NotStarted),
                ])
                {
                    Input = new InputCounts(
                        SideCounts.None with { NullKeys = 3, DeadLetters = new Dictionary<string, long> { ["bad-key"] = 1, ["missing-time"] = 1_234 } },
                        SideCounts.None with { Where = [new FieldCount("tier", 9, 4)], Filter = [new FieldCount("kind", 9, 0)], WithoutId = 2 },
                        [new FieldCount("left.a", 9, 8), new FieldCount("right.b", 9, 9), new FieldCount("right.c", 0, 0)]),
                },
            ]);

        Assert.Equal(
            """
            address | [roles] | status | reachability | app-version | what it is
            akka.tcp://akkajoin@10.0.0.1:4053 | [west] | up | reachable | 0.2.0 | answers, leader, oldest
            akka.tcp://akkajoin@10.0.0.2:4053 | [] | leaving | unreachable | 0.1.0
            Count: 2 nodes

            plays: 4 key groups, 1 running, 1 recovering, 1 unreachable, 1 not started; lag 678, 8 waiting, 3.3 MiB
              key group  node           state        sequence  lag  waiting  buffered   journal  snapshot (UTC)      left (UTC)  right (UTC)  unconfirmed
                      0  10.0.0.1:4053  running        12,345  678        8   3.3 MiB  20.0 KiB  12,000 at 09:55:30  09:55:00    -                      2
                      1  10.0.0.1:4053  recovering          -    -        -         -         -  -                   -           -                      -
                      2  10.0.0.2:4053  unreachable         -    -        -         -         -  -                   -           -                      -
                     10  -              not started         -    -        -         -         -  -                   -           -                      -
              time is held back by played/1, shown/3
              of what the answering node read since its start: left without key 3, dead letters 1,235 (missing-time 1,234, bad-key 1); right without id 2, where lacks tier in 4; select never found right.b

            """,
            Write(report));
    }

    [Fact]
    public void Without_an_answer_of_Kafka_the_lag_is_unknown_and_not_none()
    {
        var group = new KeyGroupReport(0, First, KeyGroupState.Running, 1, 1, 0, null, 0, 0, 0, 0);
        Assert.Contains(
            "plays: 1 key group, 1 running; lag unknown, 0 waiting, 0 B", Write(new ClusterReport([], [new JoinReport("plays", [group])])), StringComparison.Ordinal);
    }

    static string Write(ClusterReport report)
    {
        var output = new StringWriter { NewLine = "\n" };
        ClusterText.Write(report, output);
        return output.ToString();
    }
}
