using System.Diagnostics;
using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// One side of a join: its buffered records, the rows that are to come of them, and the ledger of their fates.
/// </summary>
sealed class JoinSide
{
    readonly SideRules _rules;
    SideLedger _ledger;

    internal JoinSide(Side name, SideRules rules, SideStore store)
    {
        Name = name;
        Store = store;
        _rules = rules;
        Due = new DueQueue(store, rules.NoRowToCome);
        Compaction = new Compaction(store);
    }

    internal Side Name { get; }

    internal SideStore Store { get; }

    /// <summary>The entries whose rows come out by time. Not used where <see cref="IsPreserved"/> is false.</summary>
    internal DueQueue Due { get; }

    internal Compaction Compaction { get; }

    internal ref SideLedger Ledger => ref _ledger;

    /// <summary>Whether a record without a partner gives a row.</summary>
    internal bool IsPreserved => _rules.IsPreserved;

    /// <summary>The windows of records with lower times are closed (<see cref="JoinThresholds"/>).</summary>
    internal long ClosedBefore { get; set; }

    /// <summary>
    /// Records with lower times get no partner any more: <see cref="ClosedBefore"/>, but with <c>late.policy =
    /// repair</c> earlier.
    /// </summary>
    internal long JoinableFrom { get; set; }

    /// <summary>
    /// Records with lower times are forgotten, their ids included; never above <see cref="JoinableFrom"/>.
    /// </summary>
    internal long ForgottenBefore { get; set; }

    /// <summary>Whether an entry joins no more, whatever its time.</summary>
    internal bool HasEnded(int entry) => (Store[entry].Flags & _rules.Ended) != 0;

    /// <summary>
    /// Buffers a record. Of one that is done only the id is remembered, and nothing where the id is over too.
    /// </summary>
    /// <returns>Its entry, or None.</returns>
    internal int Buffer(in Arrival arrival, in RecordView record, EntryFlags flags)
    {
        const EntryFlags IdAlone = EntryFlags.Done, Joinable = EntryFlags.Indexed;
        if ((flags & (IdAlone | Joinable)) == IdAlone && (!Store.Remembers(record) || record.Time < ForgottenBefore))
            return EntryTable.None;
        var entry = Store.Add(arrival.Address, record, arrival.KeyHash, flags);
        Due.Add(entry, record.Time, flags);
        return entry;
    }

    /// <summary>
    /// An entry has a partner: from the first one on it counts as matched, whatever it counted as before.
    /// </summary>
    internal void CountMatched(ref JoinEntry entry)
    {
        if ((entry.Flags & EntryFlags.Matched) != 0)
            return;
        if ((entry.Flags & EntryFlags.Late) != 0)
            _ledger.Late--;
        else if ((entry.Flags & EntryFlags.Done) == 0)
            _ledger.Waiting--;
        else if (IsPreserved)
            _ledger.Unmatched--;
        else
            _ledger.Expired--;
        _ledger.Matched++;
        entry.Flags |= EntryFlags.Matched;
    }

    /// <summary>An entry whose row is out lost its last partner.</summary>
    internal void CountUnmatched(ref JoinEntry entry)
    {
        if ((entry.Flags & EntryFlags.Matched) == 0)
            return;
        if ((entry.Flags & EntryFlags.Late) != 0)
            _ledger.Late++;
        else
            _ledger.Unmatched++;
        _ledger.Matched--;
        entry.Flags &= ~EntryFlags.Matched;
    }

    /// <summary>
    /// Where the side is not preserved: counts the records as expired that have no partner and whose windows are
    /// closed, whole time buckets at a time.
    /// </summary>
    /// <param name="isExact">Whether to count also those of the bucket whose windows are closed in part.</param>
    internal void CountExpired(bool isExact)
    {
        while (true)
        {
            // One bucket at most is closed in part: those after it begin above the threshold.
            ref var bucket = ref Store.Buckets.LowestOpen();
            if (Unsafe.IsNullRef(ref bucket) || bucket.MinTime >= ClosedBefore)
                return;
            var isClosed = bucket.MaxTime < ClosedBefore;
            if (!isClosed && !isExact)
                return;
            bucket.Closed = isClosed;
            for (var entry = bucket.Last; entry != EntryTable.None; entry = Store.Previous(entry))
            {
                if (Store[entry].Time < ClosedBefore)
                    CountExpired(ref Store[entry]);
            }

            if (!isClosed)
                return;
        }
    }

    /// <summary>Drops the time buckets of which all records are forgotten.</summary>
    internal void Expire()
    {
        while (Store.Buckets.Count > 0 && Store.Buckets.First.MaxTime < ForgottenBefore)
            Store.RemoveFirstBucket();
    }

    /// <summary>
    /// Whether a row would be due if <see cref="ClosedBefore"/> were this. May say yes where there is none.
    /// </summary>
    internal bool WouldEmit(long closedBefore) => IsPreserved && Due.MayHave(closedBefore);

    /// <summary>
    /// How far <see cref="ClosedBefore"/> may rise so that about so many rows come out. Null = up to
    /// <paramref name="closedBefore"/> no more than that would.
    /// </summary>
    internal long? StepTo(int rows, long closedBefore) => IsPreserved ? Due.TimeOfLast(rows, closedBefore) + 1 : null;

    /// <summary>Whether a time bucket would go if <see cref="ForgottenBefore"/> were this.</summary>
    internal bool WouldExpire(long forgottenBefore) => Store.Buckets.Count > 0 && Store.Buckets.First.MaxTime < forgottenBefore;

    /// <summary>
    /// The highest time of a record that can still join; <see cref="long.MinValue"/> where there is none.
    /// </summary>
    internal long LastOpenTime()
    {
        foreach (ref var bucket in Store.Buckets.Descending())
        {
            if (bucket.MaxTime < ClosedBefore)
                break;
            var last = long.MinValue;
            for (var entry = bucket.Last; entry != EntryTable.None; entry = Store.Previous(entry))
            {
                if ((Store[entry].Flags & EntryFlags.Indexed) != 0 && !HasEnded(entry))
                    last = Math.Max(last, Store[entry].Time);

                // Mostly the newest record is among the last that came. Then the others need no look.
                if (last == bucket.MaxTime)
                    return last;
            }

            if (last >= ClosedBefore)
                return last;
        }

        return long.MinValue;
    }

    /// <summary>
    /// Checks what is written under "Invariants" of <see cref="JoinState"/>, and of what a side is made of.
    /// </summary>
    [Conditional("CHECKED")]
    internal void Check(bool isFull)
    {
        Invariant.Holds(_ledger.Balances, "received = matched + unmatched + expired + late + duplicate + waiting");
        Invariant.Holds(JoinableFrom <= ClosedBefore, "a record whose window is open can get a partner");
        Invariant.Holds(ForgottenBefore <= JoinableFrom, "no record is forgotten while it can get a partner");
        Invariant.Holds(
            Store.Buckets.Count == 0 || Store.Buckets.First.MaxTime >= ForgottenBefore,
            "no time bucket is there of which all records are forgotten");
        if (!isFull)
            return;
        Invariant.Holds(
            _ledger.Waiting == CountWaiting(),
            "the waiting records are the entries without a partner that are neither late nor done");
        Store.Check();
        if (IsPreserved)
            Due.Check();
    }

    void CountExpired(ref JoinEntry entry)
    {
        if ((entry.Flags & EntryFlags.Done) != 0)
            return;
        if ((entry.Flags & (EntryFlags.Matched | EntryFlags.Late)) == 0)
        {
            _ledger.Waiting--;
            _ledger.Expired++;
        }

        entry.Flags |= EntryFlags.Done;
    }

    int CountWaiting()
    {
        const EntryFlags NotWaiting = EntryFlags.Matched | EntryFlags.Late | EntryFlags.Done;
        return Store.Entries().Count(entry => (Store[entry].Flags & NotWaiting) == 0);
    }
}

/// <summary>What a kind of join makes of the entries of one side.</summary>
/// <param name="IsPreserved">Whether a record without a partner gives a row.</param>
/// <param name="NoRowToCome">An entry with one of these flags has no row that comes out by time.</param>
/// <param name="Ended">An entry with one of these flags joins no more.</param>
readonly record struct SideRules(bool IsPreserved, EntryFlags NoRowToCome, EntryFlags Ended);
