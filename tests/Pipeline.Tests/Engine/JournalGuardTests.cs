using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal.Sqlite;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>The configured definition of a join beside the journaled one.</summary>
public sealed class JournalGuardTests : IDisposable
{
    const string Set = "max-ahead-of-wall-clock = ";
    readonly TemporaryDirectory _directory = new();
    readonly SqliteJournal _journal;

    public JournalGuardTests() => _journal = SqliteJournal.Open(_directory["journal"]);

    public void Dispose()
    {
        _journal.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_new_join_gets_the_default_of_how_far_ahead_a_time_may_be() =>
        Assert.Equal(3_600_000, Start("").MaxAheadOfWallClockMs);

    [Fact]
    public void A_join_that_was_begun_without_a_limit_keeps_that_until_it_is_configured()
    {
        Start(Set + "unlimited");
        Assert.Null(Start("").MaxAheadOfWallClockMs);
        var refused = Assert.Throws<UserException>(() => Start(Set + "2h"));
        Assert.Contains(
            "max-ahead-of-wall-clock (f.conf:1): unlimited in the journal, 2 h in the configuration",
            refused.Message,
            StringComparison.Ordinal);
        Apply(Set + "2h");
        Assert.Equal(7_200_000, Start(Set + "2h").MaxAheadOfWallClockMs);
        Assert.Equal(7_200_000, Start("").MaxAheadOfWallClockMs);
    }

    [Fact]
    public void A_change_of_something_else_does_not_bring_the_new_default()
    {
        Start(Set + "unlimited");
        Apply("max-out-of-orderness = 1m");
        Assert.Null(Start("max-out-of-orderness = 1m").MaxAheadOfWallClockMs);
    }

    [Fact]
    public void A_limit_below_may_be_set_and_taken_away_and_is_shown_as_a_date()
    {
        Start("");
        var refused = Assert.Throws<UserException>(() => Start("min-time = \"2020-01-01\""));
        Assert.Contains(
            "min-time (f.conf:1): none in the journal, 2020-01-01T00:00:00.000Z in the", refused.Message, StringComparison.Ordinal);
        Apply("min-time = \"2020-01-01\"");
        Assert.Equal(1_577_836_800_000, Start("min-time = \"2020-01-01\"").MinTimeMs);
        Assert.Throws<UserException>(() => Start(""));
        Apply("");
        Assert.Null(Start("").MinTimeMs);
    }

    JoinDefinition Start(string keys)
    {
        var join = Join(keys);
        return new JournalGuard(_journal, join).Check(Definition(join), committed: 0);
    }

    void Apply(string keys)
    {
        var join = Join(keys);
        new JournalGuard(_journal, join).Apply(Definition(join));
    }

    static JoinDefinition Definition(JoinSettings join) =>
        DefinitionBuilder.Build(join, new TopicInfo("l", 1, "id-l"), new TopicInfo("r", 1, "id-r"));

    static JoinSettings Join(string keys) => ConfigReader.ReadText(
        $$"""
        akkajoin { kafka.bootstrap-servers = "h:1", joins.a { type = inner, before = 0s, after = 10m, {{keys}}
          left { topic = l, key = k, time = ts }, right { topic = r, key = k, time = ts }, output.topic = o } }
        """,
        "f.conf",
        environment: _ => null).Settings.Joins[0];
}
