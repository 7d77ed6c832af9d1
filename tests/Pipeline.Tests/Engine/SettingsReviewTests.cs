using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Flow;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public class SettingsReviewTests
{
    const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour, NowMs = 1_573_552_530_000;
    static readonly TopicConfig Week = new(7 * Day, "delete", 1_048_588);

    [Fact]
    public void Settings_that_work_together_need_no_word() => Assert.Empty(Warnings());

    [Fact]
    public void Topics_that_keep_all_or_of_which_the_broker_tells_nothing_need_no_word()
    {
        var forEver = Week with { RetentionMs = -1 };
        Assert.Empty(Warnings(left: forEver, rows: forEver, oldestMs: 0, kafka: "consumer.\"max.poll.interval.ms\" = 300000"));
        Assert.Empty(Warnings(left: TopicConfig.Unknown, rows: TopicConfig.Unknown, oldestMs: 0));
    }

    [Fact]
    public void A_source_that_keeps_less_than_window_and_lateness_is_told_of() => Assert.Equal(
        "source 'l' keeps records for 10 min, and window and max-out-of-orderness come to 630 s: a node that is away for long, or a join "
            + "that begins anew, misses partners. Set a longer retention.ms",
        Assert.Single(Warnings(left: Week with { RetentionMs = 10 * Minute })));

    [Fact]
    public void Late_repair_is_part_of_what_a_source_must_keep() => Assert.StartsWith(
        "source 'r' keeps records for 1 h, and window, max-out-of-orderness and late.repair-for come to 7830 s: ",
        Assert.Single(Warnings(right: Week with { RetentionMs = Hour }, join: "late { policy = repair, repair-for = 2h }")),
        StringComparison.Ordinal);

    [Fact]
    public void Rows_of_records_that_are_older_than_the_output_keeps_rows_are_told_of()
    {
        Assert.StartsWith(
            "'o' keeps rows for 7 d, rows carry event times, and the oldest records are of 2019-11-04T09:55:30.000Z: the broker deletes",
            Assert.Single(Warnings(oldestMs: NowMs - (8 * Day))),
            StringComparison.Ordinal);
        Assert.Empty(Warnings(oldestMs: NowMs - (6 * Day)));
        Assert.Empty(Warnings(oldestMs: NowMs - (8 * Day), join: "output.timestamp = now"));
    }

    [Fact]
    public void A_pause_that_is_longer_than_its_source_keeps_records_is_told_of()
    {
        var paused = FlowOrder.None.With(Side.Right, new SidePause(true, NowMs + (8 * Day)));
        Assert.StartsWith(
            "the right side is paused for another 8 d, and source 'r' keeps records for 7 d: records that are deleted",
            Assert.Single(Warnings(order: paused)),
            StringComparison.Ordinal);
        Assert.Empty(Warnings(order: FlowOrder.None.With(Side.Right, new SidePause(true, NowMs + Day))));
    }

    [Fact]
    public void A_pause_without_an_end_is_told_of_unless_its_source_keeps_all()
    {
        var paused = FlowOrder.None.With(Side.Left, new SidePause(true));
        Assert.Equal(
            "the left side is paused without an end, and source 'l' keeps records for 7 d: records that are deleted before they are read "
                + "stop the join. Resume it in time, give the pause an end (join pause --until), or set a longer retention.ms",
            Assert.Single(Warnings(order: paused)));
        Assert.Empty(Warnings(order: paused, left: Week with { RetentionMs = -1 }));
        Assert.Empty(Warnings(order: FlowOrder.None with { Rest = new TimeRest(true) })); // records are read
    }

    [Fact]
    public void A_consumer_that_the_broker_gives_up_while_it_waits_for_the_journal_is_told_of() => Assert.StartsWith(
        "max.poll.interval.ms is 45 s, and while the journal is away a consumer waits for it for up to 1 min",
        Assert.Single(Warnings(kafka: "consumer.\"max.poll.interval.ms\" = 45000")),
        StringComparison.Ordinal);

    static IEnumerable<string> Warnings(
        TopicConfig? left = null,
        TopicConfig? right = null,
        TopicConfig? rows = null,
        string join = "",
        string kafka = "",
        FlowOrder? order = null,
        long? oldestMs = null)
    {
        var settings = ConfigReader.ReadText(
            $$"""
            akkajoin {
              kafka { bootstrap-servers = "h:1", {{kafka}} }
              joins.a { type = inner, before = 0s, after = 10m, left.topic = l, right.topic = r, output.topic = o
                {{join}} }
            }
            """,
            "f.conf",
            environment: _ => null).Settings;
        var configs = new Dictionary<string, TopicConfig>
        {
            ["l"] = left ?? Week,
            ["r"] = right ?? Week,
            ["o"] = rows ?? Week,
            ["o.late"] = Week with { RetentionMs = -1 },
            ["o.dead"] = Week with { RetentionMs = -1 },
        };
        return SettingsReview.Warnings(settings.Joins[0], settings.Kafka, configs, order ?? FlowOrder.None, oldestMs, NowMs);
    }
}
