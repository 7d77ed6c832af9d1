using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Partitions;
using Xunit;

namespace AkkaJoin.Shards.Tests.Oracle;

public sealed class JoinPropertyTests
{
    [Fact]
    public void Pair_joins_do_what_brute_force_does() => Seeds.Check(5_000, (random, _) => Compare(random, attribution: false));

    [Fact]
    public void Attributions_do_what_brute_force_does() => Seeds.Check(5_000, (random, _) => Compare(random, attribution: true));

    [Fact]
    public void Without_late_records_any_order_of_arrival_gives_the_rows_of_the_batch_join() => Seeds.Check(1_500, (random, _) =>
    {
        var definition = Definitions.Random(random, random.Next(2) == 0, 1);
        if (random.Next(4) == 0)
            definition = Definitions.Repairing(definition, random, 1);
        var records = TimelyStreams.Records(random);
        var expected = BatchJoin.Rows(definition, records);
        for (var order = 0; order < 3; order++)
        {
            var group = new TestKeyGroup(definition);
            var rows = new List<string>();
            foreach (var batches in TimelyStreams.Events(random, records))
                rows.AddRange(group.Event(batches));
            rows.AddRange(group.End());
            Assert.DoesNotContain(rows, row => row.EndsWith("LateRecord", StringComparison.Ordinal));
            AssertSame(expected, rows.Where(row => !row.EndsWith("IdConflict", StringComparison.Ordinal)));
        }
    });

    [Fact]
    public void A_row_never_comes_out_where_WouldEmit_says_no() => Seeds.Check(1_500, (random, _) =>
    {
        var scenario = new RandomCase(random, random.Next(2) == 0);
        var group = new TestKeyGroup(scenario.Definition);
        group.Event([]);
        for (var i = random.Next(1, 25); i > 0; i--)
        {
            group.Event(scenario.Batches());
            var ticks = scenario.Ticks();
            if (ticks.Length == 0 || group.Group.Definition is null)
                continue;
            var rules = TimeRules.Of(group.State.Definition);
            var expects = group.State.WouldEmit(group.Group.Clocks.WatermarksWith(ticks, [], rules, group.State.LeastThatClose));
            Assert.True(group.Event([], ticks).Count == 0 || expects);
        }
    });

    [Fact]
    public void LeastThatClose_is_least() => Seeds.Check(1_500, (random, _) =>
    {
        var scenario = new RandomCase(random, random.Next(2) == 0);
        var group = Play(random, scenario);
        if (group.Group.Definition is null)
            return;
        var snapshot = group.Group.TakeSnapshot();
        var (left, right) = group.State.LeastThatClose();

        var closed = new TestKeyGroup(scenario.Definition, snapshot, standing: group.Standing);
        closed.Raise(left, right);
        Assert.Equal((SideWatermarks.None, SideWatermarks.None), closed.State.LeastThatClose());
        Assert.Equal(0, closed.State.Ledger(Side.Left).Waiting + closed.State.Ledger(Side.Right).Waiting);
        Assert.Empty(closed.End());

        // In an attribution a right that is let out may take the very left that would have been held longer.
        var isAttribution = scenario.Definition.Type == JoinType.Attribution;
        if (left > group.State.Watermarks.Left)
            Assert.True(Holds(left - 1, right));
        if (right > group.State.Watermarks.Right && !isAttribution)
            Assert.True(Holds(left, right - 1));

        bool Holds(long l, long r)
        {
            var open = new TestKeyGroup(scenario.Definition, snapshot, standing: group.Standing);
            open.Raise(l, r);
            return open.State.LeastThatClose() != (SideWatermarks.None, SideWatermarks.None);
        }
    });

    [Fact]
    public void A_journal_replayed_twice_gives_equal_snapshots_and_rows_also_from_a_snapshot_on() => Seeds.Check(800, (random, _) =>
    {
        var scenario = new RandomCase(random, random.Next(2) == 0);
        var group = Play(random, scenario);
        if (group.Journal.Count == 0)
            return;
        var (first, firstRows) = Replay(scenario.Definition, group.Journal, -1);
        var (second, secondRows) = Replay(scenario.Definition, group.Journal, -1);
        var (third, thirdRows) = Replay(scenario.Definition, group.Journal, random.Next(group.Journal.Count));
        Assert.Equal(first, second);
        Assert.Equal(firstRows, secondRows);
        Assert.Equal(first, third);
        Assert.Equal(firstRows, thirdRows);
    });

    static TestKeyGroup Play(Random random, RandomCase scenario)
    {
        var group = new TestKeyGroup(scenario.Definition);
        for (var i = random.Next(1, 25); i > 0; i--)
            group.Event(scenario.Batches(), scenario.Ticks());
        return group;
    }

    static (byte[] Snapshot, List<byte[]> Outputs) Replay(JoinDefinition definition, List<byte[]> journal, int restartAfter)
    {
        var group = new TestKeyGroup(definition).Group;
        var outputs = new List<byte[]>();
        for (var i = 0; i < journal.Count; i++)
        {
            outputs.Add(group.Apply(i + 1, journal[i]));
            group.Confirm(i + 1);
            if (i == restartAfter)
                group = new TestKeyGroup(definition, group.TakeSnapshot()).Group;
        }

        return (group.TakeSnapshot(), outputs);
    }

    static void Compare(Random random, bool attribution)
    {
        var scenario = new RandomCase(random, attribution);
        var group = new TestKeyGroup(scenario.Definition);
        var oracle = JoinOracle.Of(scenario.Definition);
        for (var i = random.Next(1, 30); i > 0; i--)
        {
            var batches = scenario.Batches();
            var ticks = scenario.Ticks();
            scenario.Heard(batches, ticks);
            var rows = group.Event(batches, ticks);
            var (left, right) = scenario.Watermarks;
            AssertSame(oracle.Event(batches.SelectMany(b => b.Records), left, right), rows);
            AssertLedgers(oracle, group);
        }

        var last = group.End();
        AssertSame(oracle.Event([], TimeLimits.Max, TimeLimits.Max), last);
        if (scenario.Definition.Late == LatePolicy.Repair)
            AssertSame(BatchOf(scenario.Definition, oracle.Taken), group.Standing.Values);
        AssertLedgers(oracle, group);
        Assert.Equal(0, group.State.Ledger(Side.Left).Waiting + group.State.Ledger(Side.Right).Waiting);
        Assert.Equal(0, group.State.Count);
        Assert.Equal(0, group.State.Store(Side.Left).Log.Count + group.State.Store(Side.Right).Log.Count);
        Assert.Equal(0, group.State.SlabBytes);
        Assert.Equal(0, group.State.Store(Side.Left).Keys + group.State.Store(Side.Right).Keys);
    }

    static void AssertLedgers(JoinOracle oracle, TestKeyGroup group)
    {
        foreach (var side in new[] { Side.Left, Side.Right })
        {
            var ledger = group.Group.State?.Ledger(side) ?? default;
            Assert.True(ledger.Balances);
            Assert.Equal(
                oracle.Ledger(side),
                new OracleLedger(
                    (int)ledger.Received,
                    (int)ledger.Matched,
                    (int)ledger.Unmatched,
                    (int)ledger.Late,
                    (int)ledger.Duplicate,
                    (int)(ledger.Waiting + ledger.Expired)));
        }
    }

    // The values of the batch join's rows. Which record is a duplicate depends on their order, and is decided.
    static IEnumerable<string> BatchOf(JoinDefinition definition, IEnumerable<TestRecord> taken) =>
        BatchJoin.Rows(definition with { Left = definition.Left with { Id = "" } }, taken).Select(row => row[..row.LastIndexOf(' ')]);

    // Copies of late records have no row: their value is the record's name.
    static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
}
