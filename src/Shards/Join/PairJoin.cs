using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Inner, left, right and full: a row per pair, as soon as the second of the two is there, and in the outer forms a row for each
/// record whose window closed without one.
/// </summary>
sealed class PairJoin(JoinDefinition definition) : IntervalJoin(definition)
{
    readonly EntryList _partners = new();

    protected override long AddRecord(
        Side side, int slab, int position, in RecordView record, uint idHash, bool late, IJoinOutput output)
    {
        var partners = JoinPartners(side, record, late, output);
        var flags = EntryFlags.None;
        if (late)
            flags |= EntryFlags.Late;
        var over = record.Time < Thresholds.Close(side);
        if (partners == 0)
        {
            SettleAlone(side, Slabs.Place(slab, position), late, over, output);
        }
        else
        {
            flags |= EntryFlags.Matched;
            Ledger(side).Matched++;
        }

        Keep(side, slab, position, record, idHash, flags | (over ? EntryFlags.Closed : EntryFlags.Indexed));
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
        store.Find(record.KeyHash, record.Key, Math.Max(low, Thresholds.Close(other)), high, _partners);
        var found = 0L;
        for (var i = 0; i < _partners.Count; i++)
        {
            var partner = store.View(_partners[i]);
            if (side == Side.Left ? !Holds(record, partner) : !Holds(partner, record))
                continue;
            found++;
            ref var flags = ref store[_partners[i]].Flags;
            var row = side == Side.Left ? JoinRow.Pair(record, partner) : JoinRow.Pair(partner, record);
            output.Row(row, late || (flags & EntryFlags.Late) != 0 ? RowKind.LateJoined : RowKind.Matched);
            MarkMatched(other, ref flags);
        }

        return found;
    }

    void MarkMatched(Side side, ref EntryFlags flags)
    {
        if ((flags & EntryFlags.Matched) != 0)
            return;
        ref var ledger = ref Ledger(side);
        if ((flags & EntryFlags.Late) != 0)
            ledger.Late--;
        else
            ledger.Resting--;
        ledger.Matched++;
        flags |= EntryFlags.Matched;
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
        while (store.Due.Count > 0 && store[store.Due.Lowest].Time < close)
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
        for (var i = 0; i < store.Buckets.Count && store.Buckets[i].MinTime < close; i++)
        {
            var isOver = store.Buckets[i].MaxTime < close;
            if (store.Buckets[i].Closed || !(isOver || settle))
                continue;
            store.Buckets[i].Closed = isOver;
            for (var entry = store.Buckets[i].Head; entry != EntryTable.None; entry = store[entry].BucketNext)
            {
                if (store[entry].Time < close)
                    CloseSilently(side, ref store[entry].Flags);
            }
        }
    }

    void CloseSilently(Side side, ref EntryFlags flags)
    {
        if ((flags & EntryFlags.Closed) != 0)
            return;
        if ((flags & (EntryFlags.Matched | EntryFlags.Late)) == 0)
        {
            ref var ledger = ref Ledger(side);
            ledger.Resting--;
            ledger.Expired++;
        }

        flags |= EntryFlags.Closed;
    }
}
