using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AkkaJoin.Cockpit.Diagnosis;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using Xunit;
using static AkkaJoin.Cockpit.Tests.Diagnosis.MadeSample;

namespace AkkaJoin.Cockpit.Tests.Diagnosis;

/// <summary>Each cause is made, in samples of several sizes and with noise, and must be named first.</summary>
public sealed class SampleAnalysisTests
{
    /// <summary>Seeds of the made samples; a failure shows its own.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_join_that_is_well_has_no_cause(int seed)
    {
        var sample = Pairs(seed, out var count, (i, left) => (Key(i), left + (i * 7 % 600_000)));
        var diagnosis = sample.Diagnose();
        Assert.Empty(diagnosis.Causes);
        Assert.Equal((count, count), (diagnosis.Distances!.InWindow, diagnosis.Steps[^1].Left));
        Assert.Contains("nothing looks wrong", diagnosis.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_rights_that_all_find_their_left_are_well()
    {
        var sample = new MadeSample();
        for (var i = 0; i < 500; i++)
            sample.Left(Value(Key(i), Noon + (i * 100)));
        for (var i = 0; i < 500; i += 100)
            sample.Right(Value(Key(i), Noon + (i * 100) + 5_000));
        Assert.Empty(sample.Diagnose().Causes);
    }

    [Fact]
    public void A_topic_without_records_is_named()
    {
        var diagnosis = new MadeSample().Left(Value(Key(1), Noon)).Diagnose();
        Named(diagnosis, CauseCode.NoRecords, "akkajoin.joins.j.right.topic");
        Assert.Contains("r has no records", diagnosis.Causes[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Keys_with_white_space_differ_and_their_bytes_are_shown(int seed)
    {
        var diagnosis = Pairs(seed, out var count, (i, left) => ($"\"u{i} \"", left + 1_000)).Diagnose();
        var miss = Near(diagnosis, KeyDifference.WhiteSpace, count);
        Assert.Equal("'u0' (75 30)", miss.Examples[0].Left);
        Assert.Equal("'u0 ' (75 30 20)", miss.Examples[0].Right);
        Assert.Equal(3, miss.Examples.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Keys_in_another_case_differ(int seed) =>
        Near(Pairs(seed, out var count, (i, left) => ($"\"U{i}\"", left + 1_000)).Diagnose(), KeyDifference.Case, count);

    [Fact]
    public void Keys_in_another_unicode_form_differ()
    {
        var sample = new MadeSample();
        for (var i = 0; i < 30; i++)
            sample.Left(Value($"\"caf\u00e9{i}\"", Noon + i)).Right(Value($"\"cafe\u0301{i}\"", Noon + i + 1_000));
        var miss = Near(sample.Diagnose(), KeyDifference.UnicodeForm, 30);
        Assert.Contains("c3 a9", miss.Examples[0].Left, StringComparison.Ordinal);
        Assert.Contains("cc 81", miss.Examples[0].Right, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_number_with_zeros_before_it_differs_from_the_number(int seed) => Near(
        Pairs(seed, out var count, (i, left) => ($"\"{i:00000000}\"", left + 1_000), i => $"{i}").Diagnose(),
        KeyDifference.NumberAgainstText,
        count);

    [Fact]
    public void A_record_key_of_eight_bytes_differs_from_the_number_as_text()
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { Left = sample.Join.Left with { KeyPaths = [] }, Right = sample.Join.Right };
        for (var i = 0; i < 30; i++)
        {
            var key = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(key, 1_000 + i);
            sample.Left(Value("0", Noon + i), key).Right(Value($"\"{1_000 + i}\"", Noon + i + 1_000));
        }

        var miss = Near(sample.Diagnose(), KeyDifference.NumberAgainstText, 30);
        Assert.Equal(("bytes 00 00 00 00 00 00 03 e8", "'1000'"), (miss.Examples[0].Left, miss.Examples[0].Right));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_part_that_is_a_number_on_one_side_and_a_text_on_the_other_differs(int seed)
    {
        var sample = Composite(["k", "p"], ["k", "p"]);
        Fill(sample, seed, out var count, (i, left) => (Key(i), left + 1_000), Key, i => $",\"p\":{i}", i => $",\"p\":\"{i}\"");
        var miss = Near(sample.Diagnose(), KeyDifference.PartType, count);
        Assert.Equal(("""'["u0",0]'""", """'["u0","0"]'"""), (miss.Examples[0].Left, miss.Examples[0].Right));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Keys_that_differ_in_several_manners_are_told_with_each_of_them(int seed)
    {
        var diagnosis = Pairs(seed, out var count, (i, left) => ($"\" U{i}\"", left + 1_000)).Diagnose();
        var miss = Near(diagnosis, KeyDifference.Several, count);
        Assert.Equal([KeyDifference.WhiteSpace, KeyDifference.Case], miss.Several);
        Assert.Contains(
            "but for white space, or what cannot be seen, at an end, and in upper and lower case",
            diagnosis.Causes[0].Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_in_another_order_differ()
    {
        var sample = Composite(["k", "p"], ["p", "k"]);
        Fill(sample, 1, out var count, (i, left) => (Key(i), left + 1_000), Key, i => $",\"p\":\"x{i}\"", i => $",\"p\":\"x{i}\"");
        Near(sample.Diagnose(), KeyDifference.PartOrder, count);
    }

    [Fact]
    public void A_framed_record_key_and_one_in_quotes_differ()
    {
        foreach (var (difference, form) in new[] { (KeyDifference.Framing, "\0\0\0\0\u0007u{0}"), (KeyDifference.Quotes, "\"u{0}\"") })
        {
            var sample = new MadeSample();
            sample.Join = sample.Join with { Left = sample.Join.Left with { KeyPaths = [] } };
            for (var i = 0; i < 30; i++)
            {
                var key = Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, form, i));
                sample.Left(Value("0", Noon + i), key).Right(Value(Key(i), Noon + i + 1_000));
            }

            Near(sample.Diagnose(), difference, 30);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Keys_that_have_nothing_in_common_are_named(int seed)
    {
        var diagnosis = Pairs(seed, out _, (i, left) => ($"\"order-{i}\"", left + 1_000)).Diagnose();
        var cause = Named(diagnosis, CauseCode.KeysApart, "akkajoin.joins.j.left.key", "akkajoin.joins.j.right.key");
        Assert.Contains("no key occurs on both sides", cause.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Times_in_seconds_that_are_read_as_milliseconds_are_named(int seed)
    {
        var diagnosis = Pairs(seed, out _, (i, left) => (Key(i), left / 1_000)).Diagnose();
        var cause = Named(diagnosis, CauseCode.TimeUnit, "akkajoin.joins.j.right.time-format");
        Assert.Equal("epoch-seconds", cause.Value);
        Assert.Contains("1970-01-", cause.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("left", TimeFormat.EpochSeconds, "1", "epoch-millis")] // the year 58,000: out of the calendar
    [InlineData("left", TimeFormat.EpochMillis, "1000", "epoch-micros")]
    [InlineData("right", TimeFormat.EpochMicros, "1", "epoch-millis")]
    [InlineData("right", TimeFormat.EpochSeconds, "1000", "epoch-micros")] // out of range: dead letters
    public void Times_in_any_other_unit_are_named(string side, TimeFormat configured, string factor, string expected)
    {
        var sample = new MadeSample();
        SourceSettings Read(SourceSettings source) => source.Topic[..1] == side[..1] ? source with { TimeFormat = configured } : source;
        sample.Join = sample.Join with { Left = Read(sample.Join.Left), Right = Read(sample.Join.Right) };
        var times = long.Parse(factor, CultureInfo.InvariantCulture);
        var (left, right) = side == "left" ? (times, 1L) : (1L, times);
        for (var i = 0; i < 40; i++)
            sample.Left(Value(Key(i), (Noon + i) * left)).Right(Value(Key(i), (Noon + i + 1_000) * right));
        Assert.Equal(expected, Named(sample.Diagnose(), CauseCode.TimeUnit, $"akkajoin.joins.j.{side}.time-format").Value);
    }

    [Theory]
    [InlineData("time-ahead", 3_600_001, "max-ahead-of-wall-clock")]
    [InlineData("time-behind", -3_600_001, "min-time")]
    public void Times_that_a_run_would_refuse_are_dead_letters_and_their_limit_is_named(string reason, long beyondMs, string limit)
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { MaxAheadOfWallClockMs = 3_600_000, MinTimeMs = Noon - 3_600_000 };
        var bound = Noon + beyondMs - Math.Sign(beyondMs);
        for (var i = 0; i < 40; i++)
            sample.Left(Value(Key(i), Noon + beyondMs)).Right(Value(Key(i), bound)); // the bounds themselves are taken
        var diagnosis = sample.Diagnose();
        var cause = Named(diagnosis, CauseCode.DeadLetters, "akkajoin.joins.j.left.time-format", "akkajoin.joins.j." + limit);
        Assert.Contains($"{reason} 40 (the event time ", cause.Text, StringComparison.Ordinal);
        Assert.Equal((0, 40L, 40), (diagnosis.Left.Joined, diagnosis.Left.DeadLetters[reason], diagnosis.Right.Joined));
        Assert.Null(diagnosis.Left.Times); // a time that is refused moves none
    }

    [Fact]
    public void Times_that_are_refused_since_their_unit_is_wrong_are_named_by_the_unit()
    {
        var sample = new MadeSample();
        var right = Source("r") with { TimeFormat = TimeFormat.EpochSeconds };
        sample.Join = sample.Join with { MaxAheadOfWallClockMs = 3_600_000, Right = right };
        for (var i = 0; i < 40; i++)
            sample.Left(Value(Key(i), Noon + i)).Right(Value(Key(i), Noon + i));
        Assert.Equal("epoch-millis", Named(sample.Diagnose(), CauseCode.TimeUnit, "akkajoin.joins.j.right.time-format").Value);
    }

    [Fact]
    public void The_time_of_a_filtered_record_that_a_run_would_refuse_does_not_count()
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with
        {
            MaxAheadOfWallClockMs = 3_600_000,
            Left = Source("l") with { Filter = WhereParser.ParseFilter("x = 1") },
        };
        sample.Left(Value(Key(1), Noon, ",\"x\":1")).Left(Value(Key(2), Noon + 7_200_000)).Right(Value(Key(1), Noon));
        var diagnosis = sample.Diagnose();
        Assert.Equal((1, (long?)Noon), (diagnosis.Left.Filtered, diagnosis.Left.Partitions[0].Newest));
    }

    [Fact]
    public void Texts_that_are_read_as_numbers_are_named_with_their_format()
    {
        var sample = new MadeSample();
        for (var i = 0; i < 40; i++)
            sample.Left(Value(Key(i), Noon + i)).Right(Value(Key(i), $"\"2026-11-29T08:00:{i:00}Z\""));
        Assert.Equal("iso-8601", Named(sample.Diagnose(), CauseCode.TimeUnit, "akkajoin.joins.j.right.time-format").Value);
    }

    [Fact]
    public void Times_that_are_no_fields_and_lie_a_factor_of_a_thousand_apart_are_named()
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { Left = sample.Join.Left with { TimePath = null } };
        for (var i = 0; i < 40; i++)
            sample.Left(Value(Key(i), 0)).Right(Value(Key(i), (Noon + i) / 1_000));
        Assert.Equal(CauseCode.TimeUnit, sample.Diagnose().Causes[0].Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(-5)]
    [InlineData(9)]
    public void A_time_zone_is_named(int hours)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var diagnosis = Pairs(seed, out _, (i, left) => (Key(i), left + (hours * 3_600_000L) + (i * 13 % 60_000))).Diagnose();
            var cause = Named(diagnosis, CauseCode.OutsideWindow, hours > 0 ? "akkajoin.joins.j.after" : "akkajoin.joins.j.before");
            Assert.Contains($"100 % of them lie {Math.Abs(hours)} h apart", cause.Text, StringComparison.Ordinal);
            Assert.Contains("a time zone?", cause.Text, StringComparison.Ordinal);
            Assert.Equal(hours * 3_600_000L, diagnosis.Distances!.Shift!.Ms);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_window_that_is_too_narrow_is_named_with_one_that_is_wide_enough(int seed)
    {
        var random = new Random(seed);
        var diagnosis = Pairs(seed, out var count, (i, left) => (Key(i), left + 700_000 + random.Next(1_000_000))).Diagnose();
        var cause = Named(diagnosis, CauseCode.OutsideWindow, "akkajoin.joins.j.after");
        Assert.True(Pipeline.Settings.Reading.Durations.TryParse(cause.Value!, out var after), cause.Value);
        Assert.InRange(after, 1_000_000, 2_400_000);
        Assert.Equal(count, diagnosis.Distances!.Histogram.Sum(bucket => bucket.Pairs));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(-40)]
    public void Topics_of_different_times_are_named(int days)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var diagnosis = Pairs(seed, out _, (i, left) => (Key(i), left + (days * 86_400_000L) + random.Next(3_000_000))).Diagnose();
            Named(diagnosis, CauseCode.NoOverlap, $"akkajoin.joins.j.{(days > 0 ? "left" : "right")}.topic");
        }
    }

    [Fact]
    public void Topics_of_different_times_whose_older_records_were_not_read_are_named_with_the_time_to_look_at()
    {
        var sample = Pairs(1, out _, (i, left) => ($"\"other{i}\"", left + (3 * 86_400_000L)));
        sample.RightHasOlder = true;
        var cause = sample.Diagnose().Causes.First(c => c.Code == CauseCode.NoOverlap);
        Assert.Contains("--to 2026-11-29T08:", cause.Todo, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_that_ends_before_the_other_is_named()
    {
        var sample = new MadeSample();
        for (var i = 0; i < 200; i++)
            sample.Left(Value(Key(i), Noon + (i * 60_000)));
        for (var i = 0; i < 20; i++)
            sample.Right(Value($"\"other{i}\"", Noon + (i * 60_000)));
        var cause = sample.Diagnose().Causes.First(c => c.Code == CauseCode.SideEnds);
        Assert.Equal(["akkajoin.joins.j.right.topic"], cause.Settings);
    }

    [Fact]
    public void A_topic_that_stopped_a_minute_ago_is_named_and_a_sparse_one_is_not()
    {
        // One a second of either, and then no right one for 80 s. It had stopped once before, for 20 s.
        var stopped = Lefts(200);
        foreach (var i in Enumerable.Range(0, 120).Where(i => i is < 40 or >= 60))
            stopped.Right(Value(Key(i), Noon + (i * 1_000)));
        var cause = Assert.Single(stopped.Diagnose().Causes);
        Assert.Equal(CauseCode.SideEnds, cause.Code);
        Assert.Contains("the right topic r has stopped: its newest record is of 2026-11-29T08:01:5", cause.Text, StringComparison.Ordinal);

        // One a minute, and then none for 200 s, which is not long beside that.
        var sparse = Lefts(740);
        for (var i = 0; i < 10; i++)
            sparse.Right(Value(Key(i * 60), Noon + (i * 60_000)));
        Assert.Empty(sparse.Diagnose().Causes);

        static MadeSample Lefts(int count)
        {
            var sample = new MadeSample();
            for (var i = 0; i < count; i++)
                sample.Left(Value(Key(i), Noon + (i * 1_000)));
            return sample;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_condition_that_fails_is_named_with_the_values_of_a_pair(int seed)
    {
        var sample = new MadeSample().Where("left.shop = right.shop and left.price > 0");
        const string left = ",\"shop\":\"a\",\"price\":3", right = ",\"shop\":\"b\"";
        Fill(sample, seed, out var count, (i, time) => (Key(i), time + 1_000), Key, _ => left, _ => right);
        var diagnosis = sample.Diagnose();
        var cause = Named(diagnosis, CauseCode.WhereFalse, "akkajoin.joins.j.where");
        Assert.Contains("left.shop = 'a', right.shop = 'b'", cause.Text, StringComparison.Ordinal);
        Assert.Equal((count, 0, count), (diagnosis.Where[0].Pairs, diagnosis.Where[0].Holds, diagnosis.Where[0].Fails));
        Assert.Equal(("left.price > 0", count), (diagnosis.Where[1].Term, diagnosis.Where[1].Holds));
    }

    [Fact]
    public void A_condition_whose_field_is_missing_is_named()
    {
        var sample = new MadeSample().Where("left.shop = right.stor");
        Fill(sample, 3, out var count, (i, left) => (Key(i), left + 1_000), Key, _ => ",\"shop\":\"a\"", _ => ",\"store\":\"a\"");
        var diagnosis = sample.Diagnose();
        var cause = Named(diagnosis, CauseCode.WhereFalse, "akkajoin.joins.j.where");
        Assert.Contains("right.stor is missing", cause.Text, StringComparison.Ordinal);
        Assert.Equal(count, diagnosis.Where[0].Unknown);
        Assert.Equal(new MissingField("stor", 1), Assert.Single(diagnosis.Right.Missing));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Records_without_a_key_are_named_with_the_field_that_is_meant(int seed)
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { Left = sample.Join.Left with { KeyPaths = ["usr"] } };
        Fill(sample, seed, out _, (i, left) => (Key(i), left + 1_000), Key, i => $",\"user\":\"u{i}\"", _ => "");
        Assert.Equal("user", Named(sample.Diagnose(), CauseCode.NullKey, "akkajoin.joins.j.left.key").Value);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Dead_letters_are_named_with_their_reason(int seed)
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { Right = sample.Join.Right with { TimePath = "tss" } };
        Fill(sample, seed, out var count, (i, left) => (Key(i), left + 1_000), Key, _ => "", _ => "");
        var diagnosis = sample.Diagnose();
        var cause = Named(diagnosis, CauseCode.DeadLetters, "akkajoin.joins.j.right.time");
        Assert.Equal("ts", cause.Value);
        Assert.Equal(count, diagnosis.Right.DeadLetters["missing-time"]);
        Assert.Equal("missing-time", diagnosis.Right.Examples[0].Reason);
    }

    [Fact]
    public void A_filter_that_leaves_out_everything_is_named()
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { Left = sample.Join.Left with { Filter = WhereParser.ParseFilter("tier = 'gold'") } };
        Fill(sample, 1, out _, (i, left) => (Key(i), left + 1_000), Key, _ => ",\"tier\":\"Gold\"", _ => "");
        Named(sample.Diagnose(), CauseCode.Filtered, "akkajoin.joins.j.left.filter");
    }

    [Fact]
    public void Late_records_that_are_dropped_are_named_with_what_would_make_none_late()
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { Late = LatePolicy.Drop, MaxOutOfOrdernessMs = 1_000 };
        for (var i = 0; i < 100; i++)
            sample.Left(Value(Key(i), Noon + (i * 100) - (i % 2 == 0 ? 0 : 42_000))).Right(Value(Key(i), Noon + (i * 100) + 1_000));
        var diagnosis = sample.Diagnose();
        Assert.Equal("45 s", Named(diagnosis, CauseCode.Late, "akkajoin.joins.j.max-out-of-orderness").Value);
        Assert.Equal((41_900, 50), (diagnosis.Left.Partitions[0].Disorder!.MaxMs, diagnosis.Left.Partitions[0].Disorder!.Late));
        Assert.Equal(45_000, diagnosis.Advice.MaxOutOfOrdernessMs);
    }

    [Theory]
    [InlineData("wait", 0.6, "and holds the time of its side: rows without a partner")]
    [InlineData("wall-clock", 0.1, "and holds the time of its side until it is idle after idle.timeout (1 min)")]
    [InlineData("exclude", 0.1, "and is left out of its side's time after idle.timeout (1 min)")]
    public void A_partition_without_records_is_named_with_what_becomes_of_it(string policy, double weight, string becomes)
    {
        var sample = Pairs(1, out _, (i, left) => (Key(i), left + 1_000));
        sample.RightPartitions = 3;
        var idle = Enum.GetValues<IdlePolicy>().Single(each => SettingWords.Of(each) == policy);
        sample.Join = sample.Join with { Type = JoinType.Left, Idle = idle };
        var cause = Assert.Single(sample.Diagnose().Causes);
        Assert.Equal((CauseCode.SilentPartition, weight), (cause.Code, cause.Weight));
        Assert.Contains("partition 1 of r has no records " + becomes, cause.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_old_partition_that_is_idle_by_the_wall_clock_it_is_said_that_rows_come_later()
    {
        var sample = Pairs(1, out _, (i, left) => (Key(i), left + 1_000));
        sample.RightPartitions = 2;
        sample.Right(Value(Key(1), Noon - 86_400_000), partition: 1);
        sample.Join = sample.Join with { Type = JoinType.Left };
        var cause = Assert.Single(sample.Diagnose().Causes, cause => cause.Code == CauseCode.SilentPartition);
        Assert.Contains("and is idle after idle.timeout (1 min): its time goes on with the clock", cause.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_bounds_and_a_window_before_the_left_are_those_of_the_join()
    {
        var sample = new MadeSample();
        sample.Join = sample.Join with { BeforeMs = 1_000, AfterMs = -500, LowerInclusive = false };
        sample.Left(Value(Key(1), Noon)).Right(Value(Key(1), Noon - 1_000)).Left(Value(Key(2), Noon)).Right(Value(Key(2), Noon - 999));
        sample.Left(Value(Key(3), Noon)).Right(Value(Key(3), Noon - 500)).Left(Value(Key(4), Noon)).Right(Value(Key(4), Noon - 499));
        Assert.Equal(2, sample.Diagnose().Distances!.InWindow);
    }

    [Fact]
    public void A_text_for_people_has_the_answer_the_causes_and_the_evidence()
    {
        var output = new StringWriter();
        DiagnosisText.Write(Pairs(2, out _, (i, left) => (Key(i), left + 3_600_000)).Where("left.a = 1").Diagnose(), output);
        foreach (var expected in new[]
        {
            "join j: Of the sample 0 of ", "1. outside-window: ", "setting: akkajoin.joins.j.after = ", "to do: ", "key on both sides",
            "right time less left time", "####", "max-out-of-orderness = ",
        })
            Assert.Contains(expected, output.ToString(), StringComparison.Ordinal);
    }

    static string Key(int i) => $"\"u{i}\"";

    static MadeSample Pairs(int seed, out int count, Func<int, long, (string Key, object Time)> right, Func<int, string>? left = null)
    {
        var sample = new MadeSample();
        Fill(sample, seed, out count, (i, time) => right(i, time), left ?? Key, _ => "", _ => "");
        return sample;
    }

    // As many pairs as the seed says, some seconds apart, of few to many keys.
    static void Fill(
        MadeSample sample,
        int seed,
        out int count,
        Func<int, long, (string Key, object Time)> right,
        Func<int, string> left,
        Func<int, string> leftMore,
        Func<int, string> rightMore)
    {
        var random = new Random(seed);
        count = 20 + random.Next(300);
        var time = Noon;
        for (var i = 0; i < count; i++)
        {
            time += random.Next(2_000);
            var (key, rightTime) = right(i, time);
            sample.Left(Value(left(i), time, leftMore(i))).Right(Value(key, rightTime, rightMore(i)));
        }
    }

    static MadeSample Composite(string[] left, string[] right)
    {
        var sample = new MadeSample();
        var join = sample.Join;
        sample.Join = join with { Left = join.Left with { KeyPaths = left }, Right = join.Right with { KeyPaths = right } };
        return sample;
    }

    static Cause Named(JoinDiagnosis diagnosis, CauseCode code, params string[] settings)
    {
        Assert.True(diagnosis.Causes.Count > 0, diagnosis.Answer);
        var first = diagnosis.Causes[0];
        Assert.True(first.Code == code, string.Join('\n', diagnosis.Causes));
        Assert.Equal(settings, first.Settings);
        Assert.Contains(first.Text, diagnosis.Answer, StringComparison.Ordinal);
        return first;
    }

    static NearMiss Near(JoinDiagnosis diagnosis, KeyDifference difference, int keys)
    {
        Named(diagnosis, CauseCode.KeysDiffer, "akkajoin.joins.j.left.key", "akkajoin.joins.j.right.key");
        var miss = Assert.Single(diagnosis.Keys.NearMisses);
        Assert.Equal((difference, keys), (miss.Difference, miss.Keys));
        return miss;
    }
}
