using Akka.Actor;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Tests.Live;

/// <summary>A join as its nodes and key groups tell of it: shown is the left topic, played the right one.</summary>
static class SampleJoin
{
    internal const string First = "akka.tcp://akkajoin@10.0.0.1:4053", Second = "akka.tcp://akkajoin@10.0.0.2:4053";
    internal const long NowMs = 1_573_552_530_000;

    internal static JoinSettings Settings(string keys = "[id]") => ConfigReader.ReadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1"
          joins.j {
            type = full, before = 0s, after = 1s, key-groups = 2
            left { topic = shown, key = {{keys}} }
            right { topic = played, key = {{keys}} }
            output.topic = o
          }
        }
        """,
        "test.conf").Settings.Joins[0];

    internal static KeyGroupAnswer Group(int group, SideLedger left, SideLedger right, long leftWatermark = NowMs) => new(
        group,
        new KeyGroupLocation(group, new Address("akka.tcp", "akkajoin", "10.0.0.1", 4053), HasKeyGroup: true),
        new KeyGroupStatus(group)
        {
            Sequence = 1,
            LastConfirmed = 1,
            Left = left,
            Right = right,
            LeftWatermark = leftWatermark,
            RightWatermark = SideWatermarks.None,
            LeftHolder = "left/0/1",
            RightHolder = "right/0/0",
            Buffered = 7,
            StateBytes = 2_048,
            JournalBytes = 0,
            LeftWatermarkThatCloses = 0,
            RightWatermarkThatCloses = 0,
            IsIdle = true,
            Rows = 0,
            LateCopies = 0,
            Events = 0,
            Unconfirmed = 0,
            Applied = [],
        });

    internal static SourceReport Source(string topic, int partition, Side side, FatesReport fates, long heardAgoMs = 1_000) =>
        new(topic, partition, PartitionPhase.Reading)
        {
            Position = 100,
            LogEnd = 100,
            Consumed = fates.Consumed,
            HeardAtMs = NowMs - heardAgoMs,
            Sides =
            [
                new SourceSideReport(side, fates)
                {
                    WatermarkMs = NowMs - 60_000 - (partition * 1_000),
                    NewestTimeMs = NowMs - (partition * 1_000),
                    WatermarkSinceMs = NowMs - 90_000,
                },
            ],
        };

    internal static NodeReply<NodeSources> Reply(string node, params SourceReport[] partitions) =>
        new(node, new NodeSources(partitions, FatesReport.None, FatesReport.None, 3, 0), Problem: null, IsMissing: false);

    internal static NodeReply<NodeSources> Missing(string node) => new(node, null, "no answer within 2 s", IsMissing: true);
}
