using System.Buffers;
using System.Text.Json;
using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Shards.Conditions;
using Xunit;
using static AkkaJoin.Cockpit.Tests.Explain.Samples;

namespace AkkaJoin.Cockpit.Tests.Explain;

/// <summary>Each reason, from findings that have it.</summary>
public sealed class ReasonFinderTests
{
    static readonly InputRecord L = Left(), R = Right();

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_code_has_findings_that_give_it(string code, string certainty, string words)
    {
        var explanation = ReasonFinder.Explain(Findings(code));
        var json = JsonSerializer.SerializeToElement(explanation, CockpitJson.Options);
        Assert.Equal((code, certainty), (json.GetProperty("reason").GetString(), json.GetProperty("certainty").GetString()));
        Assert.Contains(words, explanation.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, json.GetProperty("evidence").GetArrayLength() + (code is "no-such-position" or "gone" ? 1 : 0));
    }

    public static TheoryData<string, string, string> Codes => new()
    {
        { "joined", "known", "Left 0:17 (key 42, 10:00:05 UTC) and right 1:9 (10:01:00 UTC) joined: o/2@55, id a2bf402e3b34ba45-3-7-0" },
        { "in-flight", "known", "is on its way into the journal of key group 3" },
        { "not-read", "known", "is not read yet: l/0 is at offset 12, 88 records behind its end; it is paused, because" },
        { "no-such-position", "known", "There is no left 0:17 yet: the next record of l/0 gets offset 17." },
        { "gone", "known", "retention has deleted what lies below offset 30 of l/0" },
        { "aborted", "known", "was written in a transaction that was aborted" },
        { "open-transaction", "known", "the join can read up to offset 12" },
        { "dead-letter", "known", "Left 0:17 is a dead letter, bad-time: the time field 'ts' is no epoch-millis in range. Its copy" },
        { "filtered", "inferred", "left.filter leaves left 0:17 out: tier = 'gold' does not hold: tier is 'tin'." },
        { "null-key", "inferred", "The key of left 0:17 (10:00:05 UTC) is null: 'k' is missing or null." },
        { "keys-differ", "inferred", "The keys differ: left 0:17 has 42, right 1:9 has 042; both are one number, written in two ways" },
        {
            "outside-window",
            "inferred",
            "Left 0:17 (key 42, 10:00:05 UTC) and right 1:9 (11:00:10 UTC) lie 3,605 s apart; the window allows 3,600 s after. "
                + "They miss it by 5 s."
        },
        { "where-false", "inferred", "where does not hold: left.c = right.c does not hold: left.c is 'DE', right.c is missing or null." },
        { "duplicate", "known", "is a duplicate: left 0:3 came first with the same key and id." },
        { "id-conflict", "known", "has the id of a record that came first with another time, left 0:3 (10:00:00 UTC)" },
        { "late", "known", "Right 1:9 (key 42, 10:01:00 UTC) was late by 90 s: W_right was 10:02:30 UTC, held by r/0. Left 0:17 had gone" },
        { "closed", "known", "Left 0:17 (key 42, 10:00:05 UTC) came out without a partner, as o/2@55" },
        { "superseded", "known", "Then a partner came late, and another row took the place of that one: o/2@56" },
        { "credited-elsewhere", "known", "The right at 10:00:30 UTC took left 0:17 (key 42, 10:00:05 UTC); with credit = first" },
        { "beyond-max-lefts", "inferred", "took 5 lefts, and its row shows the first 2: max-lefts = 2." },
        { "late-right", "known", "A late right gives a row only with lefts that no other right has" },
        { "no-row-by-type", "known", "a join of the type inner gives no row for a left without a partner. No right record with its key" },
        { "earlier-definition", "known", "It was written when max-lefts was 1; now it is 2" },
        { "waiting", "known", "waits for a partner until W_right passes 11:00:05 UTC; it is 10:00:00 UTC, held by r/0." },
        { "unknown", "inferred", "can no longer be told: the key group has forgotten what is not buffered any more" },
    };

    [Fact]
    public void Of_a_join_that_rests_it_is_said_that_its_time_does_not_move() => Assert.EndsWith(
        "held by r/0; it does not move, since somebody paused the join or lets its time rest: join resume or join wake lets it go on",
        FateReasons.Now(new LiveWatermark(36_000_000, "r/0") { IsAtRest = true }),
        StringComparison.Ordinal);

    [Fact]
    public void The_table_has_every_code_once() =>
        Assert.Equal(
            Enum.GetValues<ExplainReason>()
                .Select(reason => JsonSerializer.SerializeToElement(reason, CockpitJson.Options).GetString()).Order(),
            Codes.Select(row => (string)row[0]).Order());

    [Fact]
    public void A_row_on_its_way_to_Kafka_is_told_as_journaled()
    {
        var live = GroupAt(entries: [Entry(L, LiveEntryState.Matched), Entry(R, LiveEntryState.Matched)]) with { Unconfirmed = 2 };
        var explanation = ReasonFinder.Explain(Of(Join(), L, R) with { Live = live });
        Assert.Equal((ExplainReason.Joined, Certainty.Known), (explanation.Reason, explanation.Certainty));
        Assert.Contains("the row is journaled, and 2 events of the key group wait for Kafka", explanation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_before_the_join_s_start_is_never_read()
    {
        var findings = Of(Join(), L, R).With(Side.Left, fate => fate with { Progress = fate.Progress with { Origin = 20 } });
        var explanation = ReasonFinder.Explain(findings);
        Assert.Equal(ExplainReason.NotRead, explanation.Reason);
        Assert.Contains("lies before the join's start: the join began with l/0 at offset 20", explanation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_group_that_does_not_answer_leaves_what_was_read_in_flight()
    {
        var progress = new RecordProgress { Committed = 10, Group = 3, Reader = new LivePartition(60, 100, null, "n") };
        var findings = Of(Join(), L, R) with { Live = null };
        var explanation = ReasonFinder.Explain(findings.With(Side.Left, fate => fate with { Progress = progress }));
        Assert.Equal(ExplainReason.InFlight, explanation.Reason);
        Assert.Contains("its key group 3 does not answer", explanation.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before = 0s, after = 1h", -1, "lie 1 ms apart; the window allows 0 s before. They miss it by 1 ms.")]
    [InlineData("before = -5s, after = 10s", 2_000, "lie 2 s apart; the window begins 5 s after the left. They miss it by 3 s.")]
    [InlineData("before = 20s, after = -10s", -4_000, "lie 4 s apart; the window ends 10 s before the left. They miss it by 6 s.")]
    [InlineData("after = 10s, bounds = \"[)\"", 10_000, "allows 9,999 ms after (bounds leaves the end itself out). They miss it by 1 ms.")]
    public void A_bound_is_named_as_it_lies_to_the_left(string window, long apart, string words)
    {
        var explanation = ReasonFinder.Explain(Of(Join(more: window), L, Right(time: L.Time + apart)));
        Assert.Equal(ExplainReason.OutsideWindow, explanation.Reason);
        Assert.Contains(words, explanation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_record_that_came_out_alone_tells_its_nearest_miss()
    {
        var near = Right(time: L.Time + 3_700_000);
        var findings = Of(Join("left"), L) with { Candidates = new Candidates([near], [[]], null, new SearchEnd("r") { Records = 1 }) };
        findings = findings.With(Side.Left, fate => fate with { AloneRows = [Row()] });
        var explanation = ReasonFinder.Explain(findings);
        Assert.Equal(ExplainReason.OutsideWindow, explanation.Reason);
        Assert.StartsWith(
            "Left 0:17 (key 42, 10:00:05 UTC) came out without a partner: o/2@55", explanation.Text, StringComparison.Ordinal);
        Assert.Contains("They miss it by 100 s.", explanation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_record_whose_unmatched_row_is_superseded_and_stands_again_nowhere_says_so()
    {
        var superseded = Row() with { SupersededBy = Row(offset: 56) };
        var findings = Of(Join("left"), L).With(Side.Left, fate => fate with { AloneRows = [superseded, superseded] });
        Assert.Equal(ExplainReason.Superseded, ReasonFinder.Explain(findings).Reason);
        var standing = findings.With(Side.Left, fate => fate with { AloneRows = [superseded, Row(offset: 60)] });
        Assert.NotEqual(ExplainReason.Superseded, ReasonFinder.Explain(standing).Reason);
    }

    [Fact]
    public void One_record_whose_row_a_late_partner_superseded_names_that_partner()
    {
        var repaired = Row(offset: 56);
        var findings = Of(Join("left"), L).With(
            Side.Left, fate => fate with { AloneRows = [Row() with { SupersededBy = repaired }] });
        var explanation = ReasonFinder.Explain(
            findings with { Candidates = new Candidates([Right(3), R], [[Row(offset: 60)], [repaired]], null, new SearchEnd("r")) });
        Assert.Equal(ExplainReason.Superseded, explanation.Reason);
        Assert.EndsWith("It is the row with right 1:9 (10:01:00 UTC).", explanation.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("left", "Until W_right passes 11:10:05 UTC a partner that comes late can still join it (late.policy = repair).")]
    [InlineData("inner", "Until W_right passes 11:10:05 UTC a partner that comes late can still join it (late.policy = repair).")]
    public void One_record_that_a_late_partner_can_still_join_says_until_when(string type, string words)
    {
        var join = Join(type, "late { policy = repair, repair-for = 10m }");
        var findings = Of(join, L).With(Side.Left, fate => fate with { AloneRows = type == "left" ? [Row()] : [] }) with
        {
            Candidates = new Candidates([], [], null, new SearchEnd("r") { Records = 3 }),
        };
        LiveKey At(LiveEntryState state) => GroupAt(Ten, Ten + 4_000_000, Entry(L, state));
        var repairable = ReasonFinder.Explain(findings with { Live = At(LiveEntryState.Repairable) });
        Assert.EndsWith(words, repairable.Text, StringComparison.Ordinal);
        var closed = ReasonFinder.Explain(findings with { Live = At(LiveEntryState.Closed) });
        Assert.Equal(repairable.Reason, closed.Reason);
        Assert.DoesNotContain("late.policy", closed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_join_does_not_run_here_a_reason_of_its_definition_is_inferred_and_says_whose_limits_it_has()
    {
        var findings = Of(Join(), L) with { Live = GroupAt(entries: [Entry(L, LiveEntryState.Waiting)]) };
        var runs = ReasonFinder.Explain(findings);
        Assert.Equal((ExplainReason.Waiting, Certainty.Known), (runs.Reason, runs.Certainty));
        Assert.DoesNotContain(runs.Evidence, evidence => evidence.Source == "configuration");
        var elsewhere = ReasonFinder.Explain(findings with { RunsWithDefinition = false });
        Assert.Equal((ExplainReason.Waiting, Certainty.Inferred), (elsewhere.Reason, elsewhere.Certainty));
        Assert.Contains(elsewhere.Evidence, evidence => evidence.Source == "configuration");

        // A row is a row, whatever the limits are.
        var joined = Of(Join(), L, R) with { PairRows = [Row()], RunsWithDefinition = false };
        Assert.Equal(Certainty.Known, ReasonFinder.Explain(joined).Certainty);
    }

    [Fact]
    public void One_record_names_the_partners_that_it_joined()
    {
        var findings = Of(Join(), L) with { Candidates = new Candidates([R, Right(10)], [[Row()], []], null, new SearchEnd("r")) };
        Assert.Equal(
            "Left 0:17 (key 42, 10:00:05 UTC) joined right 1:9 (10:01:00 UTC): o/2@55, id a2bf402e3b34ba45-3-7-0, "
                + "timestamp 2019-11-12T10:01:00.000Z.",
            ReasonFinder.Explain(findings).Text);
    }

    [Fact]
    public void A_search_that_was_stopped_leaves_what_was_not_found_unknown_and_says_where_to_look()
    {
        var found = new FoundRecord(Side.Left, "l", RecordReference.Parse("id=x"), Presence.NotFound)
        {
            Search = new SearchEnd("l") { Records = 7, Stop = SearchStop.Bytes },
        };
        var explanation = ReasonFinder.Explain(Of(Join(), [found]));
        Assert.Equal(ExplainReason.Unknown, explanation.Reason);
        const string words = "7 records of l read, from its first record until the limit of bytes stopped the search; --from and --to";
        Assert.Contains(words, explanation.Text, StringComparison.Ordinal);
        var whole = found with { Search = new SearchEnd("l") { Records = 7 } };
        Assert.Equal(ExplainReason.NoSuchPosition, ReasonFinder.Explain(Of(Join(), [whole])).Reason);
    }

    static Findings Findings(string code) => code switch
    {
        "joined" => Of(Join(), L, R) with { PairRows = [Row()] },
        "in-flight" => Of(Join(), L, R).With(Side.Left, fate => fate with { Progress = Reading(60) }),
        "not-read" => Of(Join(), L, R).With(Side.Left, fate => fate with { Progress = Reading(12) }),
        "no-such-position" => Of(Join(), [Missing(Side.Left, Presence.NoSuchPosition, new PartitionLog(0, 17, 17)), Found(R)]),
        "gone" => Of(Join(), [Missing(Side.Left, Presence.Gone, new PartitionLog(30, 40, 40)), Found(R)]),
        "aborted" => Of(Join(), [Missing(Side.Left, Presence.Aborted, new PartitionLog(0, 40, 40)) with { Record = L }, Found(R)]),
        "open-transaction" =>
            Of(Join(), [Missing(Side.Left, Presence.OpenTransaction, new PartitionLog(0, 12, 40)) with { Record = L }, Found(R)]),
        "dead-letter" => DeadLetter(),
        "filtered" => Of(
            Join(more: "left.filter = \"tier = 'gold'\""),
            L with { Fate = InputFate.Filtered, Detail = "tier = 'gold' does not hold: tier is 'tin'" },
            R),
        "null-key" => Of(Join(), Left(key: null), R),
        "keys-differ" => Of(Join(), L, Right(key: "042")),
        "outside-window" => Of(Join(), L, Right(time: Ten + 3_610_000)),
        "where-false" => Of(Join(more: "where = \"left.c = right.c\""), L with { Fields = Text("DE") }, R),
        "duplicate" => Of(Join(), Left(id: "x"), R) with { Live = GroupAt(entries: [Entry(Left(3, id: "x"), LiveEntryState.Matched)]) },
        "id-conflict" => Of(Join(), Left(id: "x"), R).With(
            Side.Left, fate => fate with { Late = new LateCopy(Row("o.late"), true, 0, 0, "", 0), Earlier = Left(3, Ten, id: "x") }),
        "late" => Of(Join(), L, R).With(Side.Right, fate => fate with { Late = Late() }),
        "closed" => Of(Join("left"), L, R).With(Side.Left, fate => fate with { AloneRows = [Row()] }),
        "superseded" => Of(Join("left"), L, R).With(
            Side.Left, fate => fate with { AloneRows = [Row() with { SupersededBy = Row(offset: 56) }] }),
        "credited-elsewhere" => Of(Join("attribution"), L, R) with { Attributions = [Attribution(Right(8, Ten + 30_000), 1, L)] },
        "beyond-max-lefts" => Taken(shown: 2),
        "late-right" => Of(Join("attribution"), L, R).With(Side.Right, fate => fate with { Late = Late() }) with
        {
            Live = GroupAt(Ten + 90_000, Ten + 90_000),
        },
        "no-row-by-type" => Of(Join(), L) with
        {
            Live = GroupAt(Ten, Ten + 4_000_000),
            Candidates = new Candidates([], [], null, new SearchEnd("r") { Records = 3 }),
        },
        "earlier-definition" => Taken(shown: 1),
        "waiting" => Of(Join(), L) with { Live = GroupAt(entries: [Entry(L, LiveEntryState.Waiting)]) },
        "unknown" => Of(Join(), L, R),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    static RecordProgress Reading(long position) => new()
    {
        Applied = 11,
        Origin = 0,
        Group = 3,
        LogEnd = 100,
        Reader = new LivePartition(position, 100, "its dead letters wait for the broker", "akka.tcp://akkajoin@h:1"),
    };

    static Findings DeadLetter()
    {
        var dead = L with { Fate = InputFate.DeadLetter, Reason = "bad-time", Detail = "the time field 'ts' is no epoch-millis in range" };
        return Of(Join(), dead, R).With(
            Side.Left, fate => fate with { Dead = new DeadCopy(Row("o.dead", 4), dead.Reason, dead.Detail) });
    }

    static Findings Taken(int shown)
    {
        var others = Enumerable.Range(1, shown).Select(offset => Left(offset)).ToArray();
        return Of(Join("attribution", "attribution.max-lefts = 2"), L, R) with { Attributions = [Attribution(R, 5, others)] };
    }

    static LateCopy Late() => new(Row("o.late"), false, 90_000, Ten + 150_000, "r/0", 0);

    static byte[] Text(string value)
    {
        var fields = new ArrayBufferWriter<byte>();
        TypedFields.WriteText(fields, System.Text.Encoding.UTF8.GetBytes(value));
        return fields.WrittenSpan.ToArray();
    }
}
