using System.Text;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

/// <summary>What a key group tells of one key. The window is [left - 5, left + 10].</summary>
public sealed class KeyReportTests
{
    readonly Dictionary<Side, long> _offsets = [];

    /// <summary>Seeds of random cases; a failure shows its own.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Fact]
    public void A_record_without_a_partner_waits_until_the_other_side_has_passed_its_window()
    {
        var group = Group(JoinType.Full);
        Add(group, Side.Left, "l", 100, "id1");
        var entry = Assert.Single(Ask(group).Left.Entries);
        Assert.Equal((0, 0, 0L, 100L, KeyEntryState.Waiting), (entry.Source, entry.Partition, entry.Offset, entry.TimeMs, entry.State));
        Assert.Equal(new WatermarkNeed(SideWatermarks.None, 111), entry.Closes);
        Assert.Equal(("id1", 101L, 1), (Text(entry.Id), entry.TimestampMs, entry.ValueLength));
        Assert.Null(entry.Value);
        group.Raise(null, 110);
        Assert.Equal(KeyEntryState.Waiting, Assert.Single(Ask(group).Left.Entries).State);
    }

    [Fact]
    public void A_pair_is_matched_on_both_sides()
    {
        var group = Group(JoinType.Inner);
        Add(group, Side.Left, "l", 100, "id1");
        Add(group, Side.Right, "r", 104, "id2");
        var report = Ask(group);
        Assert.Equal(KeyEntryState.Matched, Assert.Single(report.Left.Entries).State);
        Assert.Equal(KeyEntryState.Matched, Assert.Single(report.Right.Entries).State);
        Assert.All(report.Left.Entries.Concat(report.Right.Entries), entry => Assert.True(entry is { IsMatched: true, IsLate: false }));
    }

    [Fact]
    public void A_record_whose_row_came_out_is_remembered_by_its_id_and_closed_without_one()
    {
        var group = Group(JoinType.Full);
        Add(group, Side.Left, "l1", 100, "id1");
        Add(group, Side.Left, "l2", 100);
        group.Raise(null, 111);
        var entries = Ask(group).Left.Entries;
        Assert.Equal(KeyEntryState.Remembered, entries.Single(e => e.Id is not null).State);
        Assert.Equal(KeyEntryState.Closed, entries.Single(e => e.Id is null).State);
        Assert.All(entries, entry => Assert.Equal(new WatermarkNeed(116, 111), entry.Forgets));
    }

    [Fact]
    public void A_left_of_an_attribution_may_await_a_right()
    {
        var group = Group(JoinType.Attribution);
        Add(group, Side.Left, "l", 100);
        Add(group, Side.Right, "r", 110);
        group.Raise(null, 500);
        var report = Ask(group);
        Assert.Equal(KeyEntryState.AwaitsRight, Assert.Single(report.Left.Entries).State);
        var right = Assert.Single(report.Right.Entries);
        Assert.Equal((KeyEntryState.Waiting, new WatermarkNeed(116, 111)), (right.State, right.Closes));
    }

    [Fact]
    public void A_record_whose_row_is_out_is_repairable_as_long_as_a_late_one_can_join_it()
    {
        var group = Group(JoinType.Left, repairFor: 50);
        Add(group, Side.Left, "l", 100, "id1");
        group.Raise(null, 111);
        var entry = Assert.Single(Ask(group).Left.Entries);
        Assert.Equal((KeyEntryState.Repairable, false), (entry.State, entry.IsMatched));
        group.Raise(null, 160);
        Assert.Equal(KeyEntryState.Repairable, Assert.Single(Ask(group).Left.Entries).State);
        Assert.Equal(["l+r Repaired l+"], Add(group, Side.Right, "r", 110));
        entry = Assert.Single(Ask(group).Left.Entries);
        Assert.Equal((KeyEntryState.Repairable, true), (entry.State, entry.IsMatched)); // other rights may come
        group.Raise(null, 161);
        Assert.Equal(KeyEntryState.Remembered, Assert.Single(Ask(group).Left.Entries).State);
        Assert.Equal(["late LateRecord"], Add(group, Side.Right, "late", 110));
    }

    [Fact]
    public void A_record_that_is_not_preserved_is_repairable_too()
    {
        var group = Group(JoinType.Inner, repairFor: 50);
        Add(group, Side.Left, "l", 100);
        group.Raise(null, 160);
        Assert.Equal(KeyEntryState.Repairable, Assert.Single(Ask(group).Left.Entries).State);
        Assert.Equal(["l+r Matched"], Add(group, Side.Right, "r", 110));
    }

    [Fact]
    public void What_a_right_took_is_repairable_until_that_right_is_forgotten()
    {
        var group = Group(JoinType.Attribution, repairFor: 50);
        Add(group, Side.Left, "l", 100);
        Add(group, Side.Right, "r", 110);
        group.Raise(120, 120);
        var report = Ask(group);
        Assert.Equal(KeyEntryState.Repairable, Assert.Single(report.Left.Entries).State);
        Assert.Equal(KeyEntryState.Repairable, Assert.Single(report.Right.Entries).State);

        // A right before it takes the left away.
        Assert.Equal(["r1:l/1 Matched", "r:/0 Repaired r:l/1"], Add(group, Side.Right, "r1", 105));
        group.Raise(165, 165);
        Assert.DoesNotContain(Ask(group).Left.Entries, entry => entry.State == KeyEntryState.Repairable);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_record_is_repairable_where_a_late_one_still_joins_it(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            _offsets.Clear();
            var group = Group((JoinType)random.Next(4), repairFor: random.Next(1, 60));
            var right = random.Next(80, 130);
            Add(group, Side.Left, "l", 100);
            if (random.Next(3) == 0)
                Add(group, Side.Right, "r0", 100);
            group.Raise(random.Next(95, 130), right + random.Next(0, 60));
            var state = Ask(group).Left.Entries.Select(entry => entry.State).FirstOrDefault(KeyEntryState.Closed);

            // The last partner that it can have.
            var joins = Add(group, Side.Right, "last", 110).Exists(row => row.StartsWith("l+last", StringComparison.Ordinal));
            var isOpen = state is KeyEntryState.Waiting or KeyEntryState.Matched;
            Assert.True(joins == (isOpen || state == KeyEntryState.Repairable), $"seed {seed}, case {i}: {state}, joins: {joins}");
        }
    }

    [Fact]
    public void A_late_record_says_so()
    {
        var group = Group(JoinType.Full);
        group.Raise(200, null);
        Add(group, Side.Left, "l", 150);
        Assert.True(Assert.Single(Ask(group).Left.Entries).IsLate);
    }

    [Fact]
    public void An_id_is_found_that_the_key_index_does_not_know()
    {
        // Its window is closed when it comes, so only its id is kept.
        var group = Group(JoinType.Full);
        group.Raise(90, 500);
        Add(group, Side.Left, "l", 100, "id1");
        Assert.Empty(Ask(group).Left.Entries);
        var report = KeyReports.Of(group.Group, Question() with { Id = Encoding.UTF8.GetBytes("id1") });
        Assert.Equal(KeyEntryState.Remembered, report.Left.Find(Encoding.UTF8.GetBytes("id1"))!.State);
        Assert.NotNull(report.Left.Find(0, 0, 0));
        Assert.Null(report.Left.Find(0, 0, 1));
        Assert.Null(report.Right.Find(Encoding.UTF8.GetBytes("id1")));
    }

    [Fact]
    public void No_more_entries_come_than_were_asked_for_and_all_are_counted()
    {
        var group = Group(JoinType.Full);
        for (var i = 0; i < 20; i++)
            Add(group, Side.Left, "l", 100 + i);
        var report = KeyReports.Of(group.Group, Question() with { Limit = 3 });
        Assert.Equal((20, true), (report.Left.Count, report.Left.IsExact));
        Assert.Equal([100L, 101L, 102L], report.Left.Entries.Select(e => e.TimeMs));
        var within = KeyReports.Of(group.Group, Question() with { FromMs = 105, ToMs = 106 });
        Assert.Equal([105L, 106L], within.Left.Entries.Select(e => e.TimeMs));
        Assert.Equal(2, within.Left.Count);
    }

    [Fact]
    public void Values_come_only_where_they_are_asked_for_and_long_ones_are_cut()
    {
        var group = Group(JoinType.Full);
        Add(group, Side.Left, new string('x', 5_000), 100);
        Add(group, Side.Right, "r", 200);
        var report = KeyReports.Of(group.Group, Question() with { WithValues = true });
        Assert.Equal("r", Text(Assert.Single(report.Right.Entries).Value));
        var left = Assert.Single(report.Left.Entries);
        Assert.Equal((5_000, KeyEntry.ValueMax), (left.ValueLength, left.Value!.Length));
    }

    [Fact]
    public void A_report_fits_into_a_frame()
    {
        var group = Group(JoinType.Full);
        for (var i = 0; i < 100; i++)
        {
            Add(group, Side.Left, new string('x', 2_000), 100 + i, new string('i', 500) + i);
            Add(group, Side.Right, new string('y', 2_000), 10_000 + i);
        }

        var serializer = new Serialization.ShardsSerializer(null!);
        var report = KeyReports.Of(group.Group, Question() with { WithValues = true });
        Assert.Equal((100, 100), (report.Left.Count, report.Right.Count));
        Assert.InRange(serializer.ToBinary(report).Length, 30_000, 60_000);
    }

    [Fact]
    public void To_ask_changes_nothing()
    {
        var (asked, other) = (Group(JoinType.Attribution), Group(JoinType.Attribution));
        for (var i = 0; i < 30; i++)
        {
            foreach (var group in (TestKeyGroup[])[asked, other])
            {
                _offsets.Clear();
                _offsets[Side.Left] = _offsets[Side.Right] = i;
                Add(group, Side.Left, "l" + i, 100 + i, "l" + i);
                Add(group, Side.Right, "r" + i, 102 + i, "r" + i);
            }

            KeyReports.Of(asked.Group, Question() with { Id = Encoding.UTF8.GetBytes("l" + i) });
        }

        Assert.Equal(other.Group.TakeSnapshot(), asked.Group.TakeSnapshot());
        Assert.Equal(other.End(), asked.End());
    }

    [Theory]
    [InlineData(1, 100, 10)]
    [InlineData(0, 0, 10)]
    [InlineData(0, AskKey.LimitMax + 1, 10)]
    [InlineData(0, 100, AskKey.BytesMax + 1)]
    public void A_question_that_no_node_asks_is_refused(int group, int limit, int keyBytes) => Assert.Throws<MalformedBatchException>(
        () => KeyReports.Of(Group(JoinType.Full).Group, new AskKey(group, new byte[keyBytes], 0, 1, limit)));

    static TestKeyGroup Group(JoinType type, long repairFor = 0) =>
        new(Definitions.Of(type, 5, 10, dedup: true, repairFor: repairFor));

    static KeyReport Ask(TestKeyGroup group) => KeyReports.Of(group.Group, Question());

    static AskKey Question() => new(0, "k"u8.ToArray(), long.MinValue, long.MaxValue, 100);

    static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    List<string> Add(TestKeyGroup group, Side side, string name, long time, string? id = null)
    {
        var offset = _offsets.GetValueOrDefault(side);
        _offsets[side] = offset + 1;
        var record = new TestRecord(name, side, "k", time, id, Offset: offset);
        return group.Event([new TestBatch(side, 0, 1, offset, offset + 1, [record])]);
    }
}
