#if CHECKED
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>A state that is broken by hand is found to be so at the end of the next event, by the invariant that names it.</summary>
public sealed class JoinInvariantTests
{
    static readonly Dictionary<string, (string Invariant, Action<JoinState> Plant)> Breaches = new()
    {
        ["a record without a fate"] = ("received = matched + unmatched + expired + late + duplicate + waiting", s => s.Ledger(Side.Left).Received++),
        ["a record that waits and is not there"] = ("the waiting records are the entries", s =>
        {
            s.Ledger(Side.Left).Received++;
            s.Ledger(Side.Left).Waiting++;
        }),
        ["a partner that is not counted"] = ("the waiting records are the entries", s => s.Left.Store[Last(s)].Flags |= EntryFlags.Matched),
        ["a record that is forgotten while its window is open"] = ("no record is forgotten while it can get a partner", s =>
        {
            s.Left.ForgottenBefore = s.Left.JoinableFrom + 1;
            s.Left.Check(isFull: false);
        }),
        ["a record that gets no partner while its window is open"] = ("a record whose window is open can get a partner", s =>
        {
            s.Left.JoinableFrom = s.Left.ClosedBefore + 1;
            s.Left.Check(isFull: false);
        }),
        ["a row that is kept in secret"] =
            ("as many rows are kept as entries say so", s => s.Left.Store[Last(s)].Flags |= EntryFlags.RowKept),
        ["a bucket that stays"] = ("no time bucket is there of which all records are forgotten", s =>
        {
            (s.Left.ForgottenBefore, s.Left.JoinableFrom, s.Left.ClosedBefore) = (1_000, 1_000, 1_000);
            s.Left.Check(isFull: false);
        }),
        ["time that goes back"] = ("watermarks never go back", s => s.Advance(s.Watermarks with { Right = s.Watermarks.Right - 1 })),
        ["a record that dies with its entry there"] = ("the log has one live record for each entry", s => s.Left.Store.Log.Remove(s.Left.Store[s.Left.Store.Entries().Last()].Slab)),
        ["bytes that are not counted"] = ("the bytes of the log are those of its slabs", s => s.Left.Store.Log[0].Used--),
        ["a slab of no records"] = ("each slab has live records", s => s.Left.Store.Log.AddSlab(100, 1_000)),
        ["two slabs of one place in the order"] = ("no two slabs have the same place", s => AddSlabOfOneOrder(s)),
        ["a bucket that does not know its entries"] = ("a bucket knows the lowest and the highest time", s => s.Left.Store.Buckets.First.MinTime--),
        ["an entry that nobody finds"] = ("an entry that is not in the key index is in the id index", s => s.Left.Store[Matched(s)].Flags &= ~EntryFlags.Indexed),
        ["an id that nobody finds"] = ("the id index has the entries that say so", s =>
        {
            foreach (var entry in s.Left.Store.Entries())
                s.Left.Store[entry].Flags &= ~EntryFlags.IdIndexed;
        }),
        ["a row that is lost"] = ("every entry that the due queue has reached and that has a row to come", s => Assert.True(s.Left.Due.TryDequeue(1_000, out _))),
        ["a row that would come twice"] = ("an entry is in the due heap once", s => s.Left.Due.Add(Last(s), s.Left.Store[Last(s)].Time, EntryFlags.None)),
    };

    public static TheoryData<string> Names => [.. Breaches.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_broken_state_is_found(string breach)
    {
        var group = Filled();
        var (invariant, plant) = Breaches[breach];
        var found = Assert.Throws<InvariantException>(() =>
        {
            plant(group.State);
            group.Event([Batch(Side.Right, 1, 1, "other", 500)]);
        });
        Assert.Contains(invariant, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_nobody_broke_is_whole() => Filled().Event([Batch(Side.Right, 1, 1, "other", 500)]);

    [Fact]
    public void A_left_that_awaits_no_right_is_found()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Attribution, 5, 10));
        group.Event([Batch(Side.Left, 0, 1, "a", 100)]);
        var store = group.State.Left.Store;
        store[store.Entries().Single()].Flags |= EntryFlags.AwaitsRight;
        var found = Assert.Throws<InvariantException>(() => group.Event([Batch(Side.Right, 0, 1, "b", 100)]));
        Assert.Contains("for each left that awaits a right there is a buffered one", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_bucket_that_is_open_again_in_secret_is_found()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Inner, 0, 10, dedup: true));
        group.Event([Batch(Side.Left, 0, 2, "a", 100)]);
        group.Event([Batch(Side.Left, 2, 2, "a", 300)]);
        group.Raise(0, 250);
        group.Event([Batch(Side.Left, 4, 1, "a", 301)]);
        Assert.True(group.State.Left.Store.Buckets.First.Closed);
        group.State.Left.Store.Buckets.First.Closed = false;
        var found = Assert.Throws<InvariantException>(() => group.Event([Batch(Side.Right, 0, 1, "b", 300)]));
        Assert.Contains("every open bucket is among the open ones", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_of_entries_in_two_chains_is_found()
    {
        var entries = new EntryTable();
        var last = entries.Allocate(EntryTable.None);
        entries.Check([last]);
        Assert.Contains("a block is in one chain", Assert.Throws<InvariantException>(() => entries.Check([last, last])).Message, StringComparison.Ordinal);
        Assert.Contains("either in a chain or in the free list", Assert.Throws<InvariantException>(() => entries.Check([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slots_out_of_order_are_found()
    {
        var segment = new IndexSegment(0, IndexSegment.CapacityMin);
        Assert.True(segment.TryAdd((1UL << 32) | 1) && segment.TryAdd((2UL << 32) | 2));
        segment.Check();
        (segment.Slots[0], segment.Slots[1]) = (segment.Slots[1], segment.Slots[0]);
        Assert.Contains("slots ascend by hash", Assert.Throws<InvariantException>(() => segment.Check()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_out_of_order_is_found()
    {
        var entries = new EntryTable();
        var treap = new KeyTreap(entries, Comparer<int>.Create((a, b) => entries[a].Time.CompareTo(entries[b].Time)));
        var root = EntryTable.None;
        var last = EntryTable.None;
        for (var time = 0; time < 10; time++)
        {
            last = entries.Allocate(last);
            entries[last] = new JoinEntry(time, EntryFlags.None, 0, 0);
            root = treap.Insert(root, last);
        }

        treap.Check(root, []);
        (entries[root].Lower, entries[root].Higher) = (entries[root].Higher, entries[root].Lower);
        Assert.Contains("what is lower stands left", Assert.Throws<InvariantException>(() => treap.Check(root, [])).Message, StringComparison.Ordinal);
    }

    // A full join with ids: a key with many lefts, of which the windows of the first are closed and the others' are near, and a pair.
    static TestKeyGroup Filled()
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Full, 5, 10, dedup: true));
        group.Event([Batch(Side.Left, 0, 12, "many", 100)]);
        group.Event([Batch(Side.Left, 12, 1, "pair", 105), Batch(Side.Right, 0, 1, "pair", 105)]);
        Assert.Equal(2, group.Raise(100, 112).Count);
        return group;
    }

    // The times ascend by 1 from the first on.
    static TestBatch Batch(Side side, int from, int count, string key, long time) => new(
        side, 0, 1, from, from + count,
        [.. Enumerable.Range(from, count).Select((offset, i) => new TestRecord("r", side, key, time + i, $"id{offset}", Offset: offset))]);

    static int Last(JoinState state) => state.Left.Store.Entries().First(entry => (state.Left.Store[entry].Flags & (EntryFlags.Done | EntryFlags.Matched)) == 0);

    static int Matched(JoinState state) => state.Left.Store.Entries().Single(entry => (state.Left.Store[entry].Flags & EntryFlags.Matched) != 0);

    static void AddSlabOfOneOrder(JoinState state)
    {
        var log = state.Left.Store.Log;
        var slab = log.AddSlab(100, log[0].Order);
        (log[slab].Live, log[slab].Records) = (1, 1);
    }
}
#endif
