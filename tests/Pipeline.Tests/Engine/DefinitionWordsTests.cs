using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>A difference of definitions is told in the words of the configuration.</summary>
public class DefinitionWordsTests
{
    const string Before = """
        akkajoin { kafka.bootstrap-servers = "h:1", joins.a {
          type = inner
          before = 0s
          after = 10m
          left { topic = l, time = ts, time-format = epoch-millis, key = k }
          right { topic = r, key = k }
          output.topic = o
        } }
        """;

    [Theory]
    [InlineData("after = 10m", "after = 5m", "after (f.conf:4): 10 min in the journal, 5 min in the configuration")]
    [InlineData("after = 10m", "after = 10m, bounds = \"[)\"", "after (f.conf:4): 10 min in the journal, 599999 ms in the "
        + "configuration (1 ms less than it says: bounds leaves this end out)")]
    [InlineData("type = inner", "type = attribution", "type (f.conf:2): inner in the journal, attribution in the configuration")]
    [InlineData("before = 0s", "before = 0s, max-out-of-orderness = 1m", "max-out-of-orderness (f.conf:3): 30 s in the journal, "
        + "1 min in the configuration")]
    [InlineData("before = 0s", "before = 0s, late.policy = drop", "late.policy (f.conf:3): join in the journal, drop in the configuration")]
    [InlineData("before = 0s", "before = 0s, attribution.max-lefts = 7", "attribution.max-lefts (f.conf:3): 1000 in the "
        + "journal, 7 in the configuration")]
    [InlineData("epoch-millis", "iso-8601", "left.time (f.conf:5): ts (epoch-millis) in the journal, ts (iso-8601) in the configuration")]
    [InlineData("topic = r, key = k", "topic = r, key = k, id = e", "right.id (f.conf:6): none in the journal, e in the configuration")]
    [InlineData("key = k }\n  right", "key = [k, q] }\n  right", "left.key (f.conf:5): k in the journal, k,q in the configuration")]
    [InlineData("topic = l,", "topic = l2,", "left.topic (f.conf:5): l in the journal, l2 in the configuration")]
    public void A_change_of_the_configuration_is_one_line_with_its_key_its_place_and_its_units(string from, string to, string expected)
    {
        Assert.Contains(from, Before, StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Single(Changes(Before, Before.Replace(from, to, StringComparison.Ordinal), leftId: to.Contains("l2", StringComparison.Ordinal) ? "id-2" : "id-1")));
    }

    [Fact]
    public void What_the_defaults_say_now_has_its_place_too() => Assert.Equal(
        ["max-out-of-orderness (reference.conf:NN): 1 min in the journal, 30 s in the configuration"],
        Changes(Before.Replace("before = 0s", "before = 0s, max-out-of-orderness = 1m", StringComparison.Ordinal), Before)
            .Select(line => System.Text.RegularExpressions.Regex.Replace(line, @"reference.conf:\d+", "reference.conf:NN")));

    [Fact]
    public void A_topic_that_was_made_again_is_told_of_by_its_id() => Assert.Equal(
        ["the broker's id of left.topic: id-1 in the journal, id-3 at the broker"], Changes(Before, Before, leftId: "id-3"));

    static List<string> Changes(string journaled, string configured, string leftId = "id-1")
    {
        var join = Read(configured);
        var changes = DefinitionChange.Between(
            DefinitionBuilder.Build(Read(journaled), new TopicInfo("l", 1, "id-1"), new TopicInfo("r", 1, "id-r")),
            DefinitionBuilder.Build(join, new TopicInfo("l", 1, leftId), new TopicInfo("r", 1, "id-r")));
        return [.. changes.Select(change => DefinitionWords.Describe(change, join))];
    }

    static JoinSettings Read(string text) => ConfigReader.ReadText(text, "f.conf", environment: _ => null).Settings.Joins[0];
}
