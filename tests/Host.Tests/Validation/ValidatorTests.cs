using System.Runtime.Versioning;
using AkkaJoin.Host.Validation;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Host.Tests.Validation;

public sealed class ValidatorTests
{
    [Fact]
    public void Rows_of_two_journals_are_told_of_and_those_of_two_incarnations_of_one_are_not()
    {
        var join = new TestJoin();
        var (left, first, second) = (join.Left("a", 100), join.Right("a", 101), join.Right("a", 102));
        join.Row(left, first);
        join.Row(left, second);
        join.Rows[0] = join.Rows[0] with { Id = "0123456789abcdef-0-1-0" };
        join.Rows[1] = join.Rows[1] with { Id = "fedcba9876543210-0-2-0" };
        Assert.Empty(join.Validate().Notes);

        join.Rows.Add(join.Rows[0] with { Id = "fedcba9876543210-0-1-0" });
        var validation = join.Validate();
        Assert.Equal((1, 0), (validation.Extra, validation.Doubled));
        Assert.StartsWith(
            "o: 1 row number of the journal came under different ids: the topic has rows of two journals, or of one that was rolled back",
            Assert.Single(validation.Notes),
            StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_does_not_fit_memory_lies_in_a_directory_of_the_validation_that_nobody_else_may_enter()
    {
        var session = new ValidationSession(TestJoin.Of(JoinType.Inner), new ValidationScope(null, null, null, 1, 1), onDisk: true);
        using var other = new ValidationSession(TestJoin.Of(JoinType.Inner), new ValidationScope(null, null, null, 1, 1));
        var directory = session.SpillDirectory;
        Assert.NotEqual(directory, other.SpillDirectory);
        Assert.NotEmpty(Directory.GetFiles(directory));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        session.Dispose();
        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData(JoinType.Inner)]
    [InlineData(JoinType.Left)]
    [InlineData(JoinType.Right)]
    [InlineData(JoinType.Full)]
    internal void The_rows_of_the_batch_join_are_exact(JoinType type)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 5; i++)
        {
            var join = Random(type, random);
            BruteForce(join);
            var differences = new List<Difference>();
            var validation = join.Validate(differences);
            Assert.True(validation.Exact, $"seed {seed}, case {i}: {string.Join('\n', differences.Take(5))}");
            Assert.Equal(join.Rows.Count, validation.Found);
            Assert.Equal(join.Rows.Count, validation.Expected);
            Assert.Equal(0, validation.ExplainedByLate + validation.ExplainedByDeadLetter + validation.NotYetDue + validation.Doubled);
            Assert.Equal(join.Records.Count, validation.LeftRecords + validation.RightRecords);
        }
    }

    [Theory]
    [InlineData(Credit.First)]
    [InlineData(Credit.Every)]
    internal void The_rows_of_an_attribution_are_exact(Credit credit)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 5; i++)
        {
            var join = Random(JoinType.Attribution, random);
            join.Settings = join.Settings with { Credit = credit, MaxLefts = 2 };
            BruteForceAttribution(join);
            var differences = new List<Difference>();
            Assert.True(join.Validate(differences).Exact, $"seed {seed}, case {i}: {string.Join('\n', differences.Take(5))}");
            join.Rows.RemoveAt(random.Next(join.Rows.Count));
            Assert.Equal(1, join.Validate().Missing);
        }
    }

    [Fact]
    public void A_missing_row_is_found_with_its_records()
    {
        var (join, left, right) = OnePair();
        join.Rows.Clear();
        var differences = new List<Difference>();
        var validation = join.Validate(differences);
        Assert.Equal((false, 1, 0), (validation.Exact, validation.Missing, validation.Extra));
        Assert.Equal("missing", differences[0].Kind);
        Assert.Equal([left.Offset, right.Offset], differences[0].Records.Select(r => r.Offset));
        Assert.Equal(left.Value, differences[0].Records[0].Value);
    }

    [Fact]
    public void A_row_that_came_twice_under_two_ids_is_extra_and_under_one_id_doubled()
    {
        var (join, _, _) = OnePair();
        join.Rows.Add(join.Rows[0]);
        Assert.Equal((true, 1, 1), (join.Validate().Exact, join.Validate().Doubled, join.Validate().Found));
        join.Rows[1] = join.Rows[1] with { Id = "other" };
        Assert.Equal((1, 0), (join.Validate().Extra, join.Validate().Doubled));
        join.Rows[1] = join.Rows[1] with { Id = null };
        Assert.Equal(1, join.Validate().Extra);
    }

    [Fact]
    public void One_id_for_two_rows_is_no_doubled_row()
    {
        var (join, _, _) = OnePair();
        join.Rows.Add(("x", "{}", join.Rows[0].Id));
        Assert.Equal((1, 0), (join.Validate().Extra, join.Validate().Doubled));
    }

    [Fact]
    public void A_wrong_value_is_a_missing_and_an_extra_row()
    {
        var (join, _, _) = OnePair();
        join.Rows[0] = join.Rows[0] with { Value = join.Rows[0].Value.Replace("\"a\":0", "\"a\":1", StringComparison.Ordinal) };
        var validation = join.Validate();
        Assert.Equal((1, 1), (validation.Missing, validation.Extra));
        Assert.Contains(validation.Differences, d => d.Kind == "extra" && d.Records.Count == 2);
    }

    [Fact]
    public void A_wrong_key_is_a_missing_and_an_extra_row()
    {
        var (join, _, _) = OnePair();
        join.Rows[0] = join.Rows[0] with { Key = "other" };
        Assert.Equal((1, 1), (join.Validate().Missing, join.Validate().Extra));
    }

    [Theory]
    [InlineData(10, true, true, 0)]
    [InlineData(11, true, true, 1)]
    [InlineData(-5, true, true, 0)]
    [InlineData(-6, true, true, 1)]
    [InlineData(10, true, false, 1)]
    [InlineData(9, true, false, 0)]
    [InlineData(-5, false, true, 1)]
    [InlineData(-4, false, true, 0)]
    public void A_pair_a_millisecond_outside_the_window_is_extra(int distance, bool lower, bool upper, int extra)
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Inner) with { LowerInclusive = lower, UpperInclusive = upper } };
        join.Row(join.Left("k", 100), join.Right("k", 100 + distance));
        var validation = join.Validate();
        Assert.Equal((extra, 0), (validation.Extra, validation.Missing));
        if (extra == 1)
            Assert.Contains("1 ms", validation.Differences[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_keys_never_match_and_come_out_unmatched()
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Full), EndWatermarks = null };
        join.Row(join.Left(null, 1), null);
        join.Row(null, join.Right(null, 1));
        Assert.True(join.Validate().Exact);
        join.Rows.RemoveAt(0);
        Assert.Equal(1, join.Validate().Missing);
    }

    [Fact]
    public void Copies_of_an_id_are_one_record()
    {
        var join = new TestJoin();
        var left = join.Left("k", 1, id: "x");
        join.Left("k", 1, id: "x", partition: 1);
        join.Row(left, join.Right("k", 2));
        Assert.Equal((true, 1), (join.Validate().Exact, join.Validate().Duplicates));
        join.Rows.Add(join.Rows[0] with { Id = "second" });
        Assert.Equal(1, join.Validate().Extra);
        join.Settings = TestJoin.Of(JoinType.Inner, ids: false);
        Assert.Equal((true, 0), (join.Validate().Exact, join.Validate().Duplicates));
    }

    [Theory]
    [InlineData("left.a < right.a", 1, 2, true)]
    [InlineData("left.a < right.a", 2, 2, false)]
    [InlineData("left.a != right.a", 2, 2, false)]
    [InlineData("left.a != right.nothing", 1, 2, false)]
    [InlineData("left.a = 1 and (right.id = 'R' or right.a >= 1.5)", 1, 2, true)]
    [InlineData("left.a = 1 and (right.id = 'R' or right.a >= 1.5)", 1, 1, false)]
    [InlineData("left.k = right.k and left.k > 'a' and left.k < 'l' and left.k != 3 or left.k != null", 1, 1, false)]
    [InlineData("left.k = right.k and left.k > 'a' and left.k < 'l' and true = true", 1, 1, true)]
    [InlineData("9007199254740993 > 9007199254740992.0 and 0.5 > 0 and -0.5 < 0 and 1e300 > left.a", 1, 1, true)]
    [InlineData("left.id = 'it''s'", 1, 1, false)]
    public void Conditions_are_part_of_the_join(string where, int left, int right, bool matches)
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Inner, where: where) };
        join.Row(join.Left("k", 1, left), join.Right("k", 1, right));
        Assert.Equal(matches ? 0 : 1, join.Validate().Extra);
        join.Rows.Clear();
        Assert.Equal(matches ? 1 : 0, join.Validate().Missing);
    }

    [Fact]
    public void A_filter_is_evaluated_by_SQL()
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Left) };
        join.Settings = join.Settings with
        {
            Left = join.Settings.Left with { Filter = WhereParser.ParseFilter("a >= 2") },
            Right = join.Settings.Right with { Filter = WhereParser.ParseFilter("a = 1 or nothing = 1") },
        };
        join.Left("k", 1, a: 1);
        var (left, right) = (join.Left("k", 1, a: 2), join.Right("k", 1, a: 1));
        join.Right("k", 1, a: 3);
        join.Row(left, right);
        Assert.Equal((true, 2L, 0L), (join.Validate().Exact, join.Validate().Filtered, join.Validate().DeadLetters));
        Assert.Equal((2, 2), (join.Validate().LeftRecords, join.Validate().RightRecords));
        join.Row(join.Records[0], null);
        Assert.Equal(1, join.Validate().Extra);
    }

    [Fact]
    public void A_record_that_cannot_be_decoded_but_is_filtered_is_no_dead_letter_and_moves_time()
    {
        var join = new TestJoin { EndWatermarks = null, Settings = TestJoin.Of(JoinType.Left) };
        join.Settings = join.Settings with
        {
            Left = join.Settings.Left with { Filter = WhereParser.ParseFilter("a = 1") },
            Right = join.Settings.Right with { Filter = WhereParser.ParseFilter("a = 1") },
        };
        var left = join.Left("k", 100, a: 1);
        join.Right("k", 5, a: 1);
        Assert.Equal((true, 1), (join.Validate().Exact, join.Validate().NotYetDue));
        join.Records.Add(new TestRecord(Side.Right, 0, 9, "k", 500, "x", 2) { Broken = true });
        Assert.Equal((false, 1, 0), (join.Validate().Exact, join.Validate().Missing, join.Validate().DeadLetters));
        join.Row(left, null);
        Assert.Equal((true, 1), (join.Validate().Exact, join.Validate().Filtered));
    }

    [Fact]
    public void What_a_late_record_loses_is_explained()
    {
        var (join, left, right) = OnePair();
        join.Settings = TestJoin.Of(JoinType.Full);
        join.Late.Add(TestJoin.Source(left));
        Assert.Equal((true, 0), (join.Validate().Exact, join.Validate().ExplainedByLate));

        join.Rows.Clear();
        join.Row(null, right);
        var validation = join.Validate();
        Assert.Equal((true, 2, 1), (validation.Exact, validation.ExplainedByLate, validation.LateRecords));

        join.Row(left, null);
        Assert.Equal(1, join.Validate().Extra);
    }

    [Fact]
    public void A_late_record_without_partners_needs_no_row()
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Full) };
        join.Late.Add(TestJoin.Source(join.Left("k", 1)));
        Assert.Equal((true, 1), (join.Validate().Exact, join.Validate().ExplainedByLate));
    }

    [Fact]
    public void A_row_of_records_that_were_not_late_is_not_explained_by_others()
    {
        var (join, left, right) = OnePair();
        join.Settings = TestJoin.Of(JoinType.Full);
        join.Late.Add(TestJoin.Source(join.Left("k", 2)));
        Assert.True(join.Validate().Exact);
        join.Row(null, right);
        join.Row(left, null);
        Assert.Equal(2, join.Validate().Extra);
    }

    [Fact]
    public void An_id_with_two_times_may_count_with_either()
    {
        var join = new TestJoin();
        var (first, second) = (join.Left("k", 1, id: "x"), join.Left("k", 2, id: "x"));
        var right = join.Right("k", 3);
        Assert.True(join.Validate().Exact);
        join.Row(first, right);
        Assert.True(join.Validate().Exact);
        join.Rows.Clear();
        join.Row(second, right);
        Assert.True(join.Validate().Exact);
    }

    [Fact]
    public void A_record_in_the_dead_letter_topic_explains_its_rows()
    {
        var (join, left, _) = OnePair();
        join.Rows.Clear();
        join.DeadLetters.Add(TestJoin.Source(left));
        var validation = join.Validate();
        Assert.Equal((true, 1, 1), (validation.Exact, validation.ExplainedByDeadLetter, validation.DeadLetters));
    }

    [Fact]
    public void A_bad_record_must_be_in_the_dead_letter_topic()
    {
        var (join, _, _) = OnePair();
        var bad = join.Left("quote\"", 5);
        Assert.Equal("missing-dead-letter", join.Validate().Differences[0].Kind);
        join.DeadLetters.Add(TestJoin.Source(bad));
        Assert.Equal((true, 1), (join.Validate().Exact, join.Validate().DeadLetters));
    }

    [Fact]
    public void A_late_left_may_go_to_any_right_of_an_attribution()
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Attribution) };
        var (on, late) = (join.Left("k", 1), join.Left("k", 2));
        var (first, second) = (join.Right("k", 3), join.Right("k", 4));
        join.Late.Add(TestJoin.Source(late));
        foreach (var (one, two) in new (TestRecord[], TestRecord[])[] { ([on, late], []), ([on], [late]), ([on], []) })
        {
            join.Rows.Clear();
            join.Attribution(first, one);
            join.Attribution(second, two);
            Assert.True(join.Validate().Exact);
        }

        join.Rows.Clear();
        join.Attribution(first, late);
        join.Attribution(second, on);
        Assert.Equal(2, join.Validate().Extra);
    }

    [Fact]
    public void Many_late_lefts_of_one_right_are_not_compared()
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Attribution) };
        var lefts = Enumerable.Range(0, 12).Select(i => join.Left("k", i)).ToArray();
        join.Late.AddRange(lefts.Select(TestJoin.Source));
        join.Attribution(join.Right("k", 5), lefts[3], lefts[7]);
        Assert.True(join.Validate().Exact);
        join.Attribution(join.Right("other", 5), lefts[3]);
        Assert.Equal(1, join.Validate().Extra);
    }

    [Fact]
    public void A_running_join_owes_what_has_closed_and_was_read()
    {
        var join = new TestJoin { Settings = TestJoin.Of(JoinType.Left), EndWatermarks = null };
        var closed = join.Left("k", 100);
        var open = join.Left("k", 200);
        join.Right("other", 113);
        Assert.Equal((true, 2), (join.Validate().Exact, join.Validate().NotYetDue));
        join.Right("other", 114);
        Assert.Equal(1, join.Validate().Missing);
        join.Row(closed, null);
        Assert.True(join.Validate().Exact);
        join.Row(open, null);
        Assert.True(join.Validate().Exact);
    }

    [Fact]
    public void Records_above_the_committed_offsets_may_have_come_out()
    {
        var join = new TestJoin();
        var left = join.Left("k", 1);
        var right = join.Right("k", 2);
        join.AheadFrom = right.Offset;
        Assert.Equal((true, 1), (join.Validate().Exact, join.Validate().NotYetDue));
        join.Row(left, right);
        Assert.Equal(
            (true, 0, 1, 0), (join.Validate().Exact, join.Validate().NotYetDue, join.Validate().LeftRecords, join.Validate().RightRecords));
    }

    [Fact]
    public void Times_outside_the_scope_are_left_alone()
    {
        var join = new TestJoin { From = 1000, To = 2000 };
        join.Left("k", 999);
        join.Right("k", 999);
        join.Row(join.Left("k", 1500), join.Right("k", 1500));
        join.Row(new TestRecord(Side.Left, 0, 0, "gone", 10, "x", 0), new TestRecord(Side.Right, 0, 0, "gone", 10, "x", 0));
        Assert.True(join.Validate().Exact);
        join.Rows.RemoveAt(0);
        Assert.Equal(1, join.Validate().Missing);
        join.Row(new TestRecord(Side.Left, 0, 0, "gone", 1010, "x", 0), new TestRecord(Side.Right, 0, 0, "gone", 1010, "x", 0));
        Assert.Equal(1, join.Validate().Extra);
    }

    static (TestJoin Join, TestRecord Left, TestRecord Right) OnePair()
    {
        var join = new TestJoin();
        var (left, right) = (join.Left("k", 100), join.Right("k", 105));
        join.Row(left, right);
        return (join, left, right);
    }

    static TestJoin Random(JoinType type, Random random)
    {
        var join = new TestJoin
        {
            Settings = TestJoin.Of(type, random.Next(-3, 8), random.Next(3, 12), random.Next(2) == 0 ? null : "left.a <= right.a"),
        };
        join.Settings = join.Settings with { LowerInclusive = random.Next(2) == 0, UpperInclusive = random.Next(2) == 0 };
        for (var i = 0; i < 120; i++)
        {
            var key = random.Next(10) == 0 ? null : $"k{random.Next(4)}";
            var (time, a, partition) = (random.Next(200), random.Next(3), random.Next(3));
            var record = random.Next(2) == 0 ? join.Left(key, time, a, null, partition) : join.Right(key, time, a, null, partition);
            if (random.Next(8) == 0)
                join.Records.Add(record with { Offset = join.Records.Count, Partition = random.Next(3) });
        }

        return join;
    }

    static bool Matches(TestJoin join, TestRecord left, TestRecord right)
    {
        var settings = join.Settings;
        var distance = right.Time - left.Time;
        return left.Key is not null && left.Key == right.Key && (settings.Where is null || left.A <= right.A)
            && (settings.LowerInclusive ? distance >= -settings.BeforeMs : distance > -settings.BeforeMs)
            && (settings.UpperInclusive ? distance <= settings.AfterMs : distance < settings.AfterMs);
    }

    static (List<TestRecord> Lefts, List<TestRecord> Rights) Sides(TestJoin join)
    {
        var distinct = join.Records.DistinctBy(r => (r.Side, r.Id)).OrderBy(r => r.Time).ThenBy(r => r.Id, StringComparer.Ordinal).ToList();
        return (distinct.FindAll(r => r.Side == Side.Left), distinct.FindAll(r => r.Side == Side.Right));
    }

    static void BruteForce(TestJoin join)
    {
        var (lefts, rights) = Sides(join);
        foreach (var left in lefts)
            rights.FindAll(right => Matches(join, left, right)).ForEach(right => join.Row(left, right));
        if (join.Settings.Type is JoinType.Left or JoinType.Full)
            lefts.FindAll(left => !rights.Exists(right => Matches(join, left, right))).ForEach(left => join.Row(left, null));
        if (join.Settings.Type is JoinType.Right or JoinType.Full)
            rights.FindAll(right => !lefts.Exists(left => Matches(join, left, right))).ForEach(right => join.Row(null, right));
    }

    static void BruteForceAttribution(TestJoin join)
    {
        var (lefts, rights) = Sides(join);
        var every = join.Settings.Credit == Credit.Every;
        foreach (var right in rights)
        {
            var taken = lefts.FindAll(l => Matches(join, l, right) && (every || rights.First(r => Matches(join, l, r)) == right));
            join.Attribution(right, [.. taken.Take(join.Settings.MaxLefts)], taken.Count);
        }

        lefts.FindAll(left => !rights.Exists(right => Matches(join, left, right))).ForEach(left => join.Attribution(null, left));
    }
}
