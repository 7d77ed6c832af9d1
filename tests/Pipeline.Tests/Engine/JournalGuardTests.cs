using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;
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

    [Fact]
    public void A_new_join_lets_time_go_on_and_one_that_an_earlier_release_began_waits_until_it_is_configured()
    {
        Assert.Equal(IdlePolicy.WallClock, Start("").Idle);
        Assert.Equal(IdlePolicy.WallClock, Start("").Idle);

        // An earlier release wrote no policy.
        const string earlier = "earlier";
        var values = new Dictionary<string, byte[]>
        {
            [CatalogNames.Definition] = DefinitionCodec.Write(Definition(Join("", earlier)) with { Idle = IdlePolicy.Wait }),
            [CatalogNames.JournalId] = [1],
        };
        _journal.Set(earlier, values);
        Assert.Equal(IdlePolicy.Wait, Start("", earlier).Idle);
        Assert.Equal(IdlePolicy.Wait, Start("idle.timeout = 5s", earlier).Idle);
        Assert.Equal(IdlePolicy.Exclude, Start("idle.policy = exclude", earlier).Idle);
        Assert.Equal(IdlePolicy.Exclude, Start("", earlier).Idle);
    }

    [Fact]
    public void A_policy_for_silent_partitions_is_kept_by_the_next_start_that_does_not_set_it_and_by_a_change_of_something_else()
    {
        Start("idle.policy = wait");
        Assert.Equal(IdlePolicy.Wait, Start("").Idle);
        Apply("max-out-of-orderness = 1m");
        Assert.Equal(IdlePolicy.Wait, Start("max-out-of-orderness = 1m").Idle);
        Apply("idle.policy = wall-clock");
        Assert.Equal(IdlePolicy.WallClock, Start("").Idle);

        // What nodes of format 2 read and compare says that they wait.
        Assert.Equal(IdlePolicy.Wait, DefinitionCodec.Read(_journal.Get("a", CatalogNames.Definition)).Idle);
    }

    [Fact]
    public void A_policy_of_a_later_release_is_no_start()
    {
        Start("");
        _journal.Set("a", new Dictionary<string, byte[]> { [CatalogNames.IdlePolicy] = "guess"u8.ToArray() });
        var refused = Assert.Throws<UserException>(() => Start(""));
        Assert.Contains("an idle policy that this release does not know: 'guess'", refused.Message, StringComparison.Ordinal);
    }

    JoinDefinition Start(string keys, string name = "a")
    {
        var join = Join(keys, name);
        return new JournalGuard(_journal, join).Check(Definition(join), committed: 0);
    }


    void Apply(string keys)
    {
        var join = Join(keys);
        new JournalGuard(_journal, join).Apply(Definition(join));
    }

    static JoinDefinition Definition(JoinSettings join) =>
        DefinitionBuilder.Build(join, new TopicInfo("l", 1, "id-l"), new TopicInfo("r", 1, "id-r"));

    static JoinSettings Join(string keys, string name = "a") => ConfigReader.ReadText(
        $$"""
        akkajoin { kafka.bootstrap-servers = "h:1", joins.{{name}} { type = inner, before = 0s, after = 10m, {{keys}}
          left { topic = l, key = k, time = ts }, right { topic = r, key = k, time = ts }, output.topic = o } }
        """,
        "f.conf",
        environment: _ => null).Settings.Joins[0];
}
