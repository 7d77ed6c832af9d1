using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Inner, left, right and full: a row per pair, as soon as the second of the two is there, and in the outer forms a row for each
/// record whose window closed without one.
/// </summary>
sealed class PairJoin(JoinDefinition definition, SlabPool pool) : IntervalJoin(definition, pool)
{
    readonly EntryList _partners = new();

    protected override long AddRecord(Side side, in RecordPlace place, in RecordView record, bool late, IJoinOutput output)
    {
        var partners = JoinPartners(side, record, late, output);
        var flags = EntryFlags.None;
        if (late)
            flags |= EntryFlags.Late;
        var over = record.Time < Thresholds.Close(side);
        if (partners == 0)
        {
            SettleAlone(side, place, late, over, output);
        }
        else
        {
            flags |= EntryFlags.Matched;
            Ledger(side).Matched++;
        }

        Keep(side, place, record, flags | (over ? EntryFlags.Closed : EntryFlags.Indexed));
        return partners;
    }

    protected override void EmitDue(bool settle, IJoinOutput output)
    {
        EmitDue(Side.Left, Thresholds.LeftClose, settle, output);
        EmitDue(Side.Right, Thresholds.RightClose, settle, output);
    }

    protected override bool WaitsForTime(Side side, EntryFlags flags) =>
        (flags & (EntryFlags.Matched | EntryFlags.Late | EntryFlags.Closed)) == 0 && Definition.Preserves(side);

    protected override void EmitAlone(Side side, in RecordPlace place, IJoinOutput output)
    {
        var view = place.View();
        output.Row(side == Side.Left ? JoinRow.OnlyLeft(view) : JoinRow.OnlyRight(view), RowKind.Unmatched);
    }

    long JoinPartners(Side side, in RecordView record, bool late, IJoinOutput output)
    {
        var other = side == Side.Left ? Side.Right : Side.Left;
        var (low, high) = side == Side.Left
            ? (record.Time - Definition.BeforeMs, record.Time + Definition.AfterMs)
            : (record.Time - Definition.AfterMs, record.Time + Definition.BeforeMs);
        var store = Store(other);
        _partners.Clear();
        store.Find(Hash, record.Key, Math.Max(low, Thresholds.Close(other)), high, _partners);
        var found = 0L;
        for (var i = 0; i < _partners.Count; i++)
        {
            var partner = store.View(_partners[i]);
            if (side == Side.Left ? !Holds(record, partner) : !Holds(partner, record))
                continue;
            found++;
            ref var entry = ref store[_partners[i]];
            var row = side == Side.Left ? JoinRow.Pair(record, partner) : JoinRow.Pair(partner, record);
            output.Row(row, late || (entry.Flags & EntryFlags.Late) != 0 ? RowKind.LateJoined : RowKind.Matched);
            MarkMatched(other, ref entry);
        }

        return found;
    }

    void MarkMatched(Side side, ref JoinEntry entry)
    {
        if ((entry.Flags & EntryFlags.Matched) != 0)
            return;
        ref var ledger = ref Ledger(side);
        if ((entry.Flags & EntryFlags.Late) != 0)
            ledger.Late--;
        else
            ledger.Resting--;
        ledger.Matched++;
        entry.Flags |= EntryFlags.Matched;
    }

    void EmitDue(Side side, long close, bool settle, IJoinOutput output)
    {
        if (!Definition.Preserves(side))
        {
            CloseBuckets(side, close, settle);
            return;
        }

        Reach(side, close);
        var store = Store(side);
        while (store.Due.Count > 0 && store.Due.LowestTime < close)
        {
            var entry = store.Due.Pop();
            if (!WaitsForTime(side, store[entry].Flags))
                continue;
            store[entry].Flags |= EntryFlags.Closed;
            ref var ledger = ref Ledger(side);
            ledger.Resting--;
            ledger.Unmatched++;
            EmitAlone(side, store.Place(entry), output);
        }
    }

    // No row comes out, so whole buckets are settled; until then a closed record still counts as resting.
    void CloseBuckets(Side side, long close, bool settle)
    {
        var store = Store(side);
        while (true)
        {
            // One at most is closed in part: those after it begin above close.
            ref var bucket = ref store.Buckets.LowestOpen();
            if (Unsafe.IsNullRef(ref bucket) || bucket.MinTime >= close)
                return;
            var isOver = bucket.MaxTime < close;
            if (!isOver && !settle)
                return;
            bucket.Closed = isOver;
            for (var entry = bucket.Last; entry != EntryTable.None; entry = store.Previous(entry))
            {
                if (store[entry].Time < close)
                    CloseSilently(side, ref store[entry]);
            }

            if (!isOver)
                return;
        }
    }

    void CloseSilently(Side side, ref JoinEntry entry)
    {
        if ((entry.Flags & EntryFlags.Closed) != 0)
            return;
        if ((entry.Flags & (EntryFlags.Matched | EntryFlags.Late)) == 0)
        {
            ref var ledger = ref Ledger(side);
            ledger.Resting--;
            ledger.Expired++;
        }

        entry.Flags |= EntryFlags.Closed;
    }
}
