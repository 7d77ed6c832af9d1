using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public class OutputReviewTests
{
    const long Day = 86_400_000;
    static readonly TopicConfig Usual = new(7 * Day, "delete", 1_048_588);

    [Fact]
    public void Topics_of_one_retention_that_delete_need_no_word() => Assert.Empty(Warnings("full", Usual, Usual, Usual));

    [Fact]
    public void Topics_of_which_the_broker_tells_nothing_need_no_word() =>
        Assert.Empty(Warnings("full", TopicConfig.Unknown, TopicConfig.Unknown, TopicConfig.Unknown));

    [Theory]
    [InlineData(7 * Day, 1 * Day, 7 * Day, "o.late keeps late records for 1 d, and o keeps rows for 7 d: validate cannot explain")]
    [InlineData(-1, -1, 7 * Day, "o.dead keeps dead letters for 7 d, and o keeps rows for ever: validate cannot explain")]
    public void A_topic_of_late_records_or_dead_letters_that_forgets_before_the_rows_do_is_told_of(long rows, long late, long dead, string expected) =>
        Assert.StartsWith(
            expected,
            Assert.Single(Warnings("inner", Usual with { RetentionMs = rows }, Usual with { RetentionMs = late }, Usual with { RetentionMs = dead })),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("inner", 0)]
    [InlineData("left", 1)]
    [InlineData("attribution", 1)]
    public void A_compacted_topic_of_rows_is_told_of_where_rows_may_have_no_key(string type, int warnings)
    {
        var found = Warnings(type, Usual with { CleanupPolicy = "compact,delete" }, Usual, Usual).ToList();
        Assert.Equal(warnings, found.Count);
        Assert.All(found, text => Assert.Contains($"refuses a row without a key, and a join of type {type}", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_compacted_topic_of_late_records_or_dead_letters_is_refused()
    {
        var compacted = Usual with { CleanupPolicy = "compact" };
        Assert.Empty(Refusals(Usual, Usual));
        Assert.Collection(
            Refusals(compacted, compacted),
            late => Assert.Matches("the topic 'o.late' of late records is compacted \\(cleanup.policy = "
                + "compact\\).*output.late-topic", late),
            dead => Assert.Matches("the topic 'o.dead' of dead letters is compacted \\(cleanup.policy = "
                + "compact\\).*output.dead-letter-topic", dead));
    }

    [Theory]
    [InlineData(null, "524288")]
    [InlineData(1_048_588, "524288")]
    [InlineData(100_000, "98976")]
    [InlineData(10, "1")]
    public void A_batch_is_no_larger_than_the_topic_takes_a_record(int? topicBytesMax, string batchBytes) =>
        Assert.Equal(batchBytes, new ProducerSettings { BootstrapServers = "h:1", TopicBytesMax = topicBytesMax }.ClientProperties()["batch.size"]);

    static IEnumerable<string> Warnings(string type, TopicConfig rows, TopicConfig late, TopicConfig dead) =>
        OutputReview.Warnings(Join(type), Topics(rows, late, dead));

    static IEnumerable<string> Refusals(TopicConfig late, TopicConfig dead) =>
        OutputReview.Refusals(Join("inner"), Topics(Usual, late, dead));

    static JoinSettings Join(string type) => ConfigReader.ReadText(
        $"akkajoin {{ kafka.bootstrap-servers = \"h:1\", joins.a {{ type = {type}, before = 0s, after = 10m, left.topic = l, "
            + "right.topic = r, output.topic = o } }",
        "f.conf", environment: _ => null).Settings.Joins[0];

    static Dictionary<string, TopicConfig> Topics(TopicConfig rows, TopicConfig late, TopicConfig dead) =>
        new() { ["o"] = rows, ["o.late"] = late, ["o.dead"] = dead };
}
