using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The take rate: one row per right (a play) with the lefts it took (impressions), and a row per left that nothing took.
/// <para>
/// Rights rest until every left that they can have has come and, with credit = first, every right before them too. Then they come out
/// in (time, id, partition, offset) order, each with the lefts that it can have and, with credit = first, that none before it took.
/// A left rests until no right can come that could have it and none that rests can; it comes out alone if none took it. So without
/// late records the result depends on the records, not on the order in which they arrived
/// (JoinPropertyTests.Without_late_records_any_order_of_arrival_gives_the_rows_of_the_batch_join).
/// </para>
/// </summary>
sealed class AttributionJoin(JoinDefinition definition, SlabPool pool) : IntervalJoin(definition, pool)
{
    readonly EntryList _candidates = new();
    readonly EntryList _rights = new();
    readonly List<RecordPlace> _taken = [];

    bool CreditsFirst => Definition.Credit == Credit.First;

    protected override long AddRecord(Side side, in RecordPlace place, in RecordView record, bool late, IJoinOutput output)
    {
        var flags = late ? EntryFlags.Late | EntryFlags.Indexed : EntryFlags.Indexed;
        if (side == Side.Right)
        {
            var lefts = late ? FindLefts(record) : 0;
            SettleAlone(side, place, late, over: false, output);
            Keep(side, place, record, flags);
            return lefts;
        }

        var over = record.Time < Thresholds.LeftClose;
        var rights = late || over ? FindRights(record) : 0;
        if (over && rights == 0)
            flags = (flags & ~EntryFlags.Indexed) | EntryFlags.Closed;
        else if (over)
            flags |= EntryFlags.Waiting;
        SettleAlone(side, place, late, over && rights == 0, output);
        Keep(side, place, record, flags);
        return rights;
    }

    protected override void EmitDue(bool settle, IJoinOutput output)
    {
        Reach(Side.Right, Thresholds.RightClose);
        var rights = Store(Side.Right);
        while (rights.Due.Count > 0 && rights.Due.LowestTime < Thresholds.RightClose)
            Take(rights.Due.Pop(), output);

        Reach(Side.Left, Thresholds.LeftClose);
        var lefts = Store(Side.Left);
        while (lefts.Due.Count > 0 && lefts.Due.LowestTime < Thresholds.LeftClose)
        {
            var left = lefts.Due.Pop();
            if (WaitsForTime(Side.Left, lefts[left].Flags))
                CloseUnlessAwaited(left, output);
        }
    }

    protected override bool WaitsForTime(Side side, EntryFlags flags)
    {
        if ((flags & (EntryFlags.Closed | EntryFlags.Waiting)) != 0)
            return false;
        return side == Side.Right || !CreditsFirst || (flags & EntryFlags.Matched) == 0;
    }

    protected override bool IsHeld(Side side, EntryFlags flags) => base.IsHeld(side, flags)
        && !(side == Side.Left && CreditsFirst && (flags & EntryFlags.Matched) != 0);

    protected override void EmitAlone(Side side, in RecordPlace place, IJoinOutput output)
    {
        var row = side == Side.Left
            ? JoinRow.Untaken(new ReadOnlySpan<RecordPlace>(in place))
            : JoinRow.Attribution(place.View(), default, 0);
        output.Row(row, RowKind.Unmatched);
    }

    // The right is due: it takes what it can have, and what waited for it alone is closed.
    void Take(int entry, IJoinOutput output)
    {
        var rights = Store(Side.Right);
        rights[entry].Flags |= EntryFlags.Closed;
        var right = rights.View(entry);
        var late = (rights[entry].Flags & EntryFlags.Late) != 0;
        var count = FindLefts(right);
        ref var ledger = ref Ledger(Side.Right);
        if (count == 0 && late)
            return;
        if (late)
            ledger.Late--;
        else
            ledger.Resting--;
        if (count == 0)
        {
            ledger.Unmatched++;
            EmitAlone(Side.Right, rights.Place(entry), output);
            return;
        }

        ledger.Matched++;
        rights[entry].Flags |= EntryFlags.Matched;
        EmitTaken(right, late, output);
    }

    // _candidates holds what the right takes, in order.
    void EmitTaken(in RecordView right, bool late, IJoinOutput output)
    {
        var lefts = Store(Side.Left);
        _taken.Clear();
        for (var i = 0; i < _candidates.Count; i++)
        {
            late |= (lefts[_candidates[i]].Flags & EntryFlags.Late) != 0;
            if (i < Definition.MaxCollapsed)
                _taken.Add(lefts.Place(_candidates[i]));
            MarkTaken(ref lefts[_candidates[i]]);
        }

        var shown = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_taken);
        output.Row(JoinRow.Attribution(right, shown, _candidates.Count), late ? RowKind.LateJoined : RowKind.Matched);
        if (CreditsFirst)
            return;
        for (var i = 0; i < _candidates.Count; i++)
        {
            if ((lefts[_candidates[i]].Flags & EntryFlags.Waiting) != 0)
                CloseUnlessAwaited(_candidates[i], output);
        }
    }

    void MarkTaken(ref JoinEntry entry)
    {
        if ((entry.Flags & EntryFlags.Matched) != 0)
            return;
        ref var ledger = ref Ledger(Side.Left);
        if ((entry.Flags & EntryFlags.Late) != 0)
            ledger.Late--;
        else
            ledger.Resting--;
        ledger.Matched++;
        entry.Flags |= EntryFlags.Matched;
    }

    void CloseUnlessAwaited(int left, IJoinOutput output)
    {
        var lefts = Store(Side.Left);
        if (FindRights(lefts.View(left)) > 0)
        {
            lefts[left].Flags |= EntryFlags.Waiting;
            return;
        }

        lefts[left].Flags |= EntryFlags.Closed;
        if ((lefts[left].Flags & (EntryFlags.Matched | EntryFlags.Late)) != 0)
            return;
        ref var ledger = ref Ledger(Side.Left);
        ledger.Resting--;
        ledger.Unmatched++;
        EmitAlone(Side.Left, lefts.Place(left), output);
    }

    // The held lefts that a right can have, into _candidates, in order.
    int FindLefts(in RecordView right)
    {
        var lefts = Store(Side.Left);
        _candidates.Clear();
        if (right.KeyIsNull)
            return 0;
        _rights.Clear();
        lefts.Find(SideStore.HashOf(right), right.Key, right.Time - Definition.AfterMs, right.Time + Definition.BeforeMs, _rights);
        for (var i = 0; i < _rights.Count; i++)
        {
            var flags = lefts[_rights[i]].Flags;
            if ((flags & EntryFlags.Closed) != 0 || (CreditsFirst && (flags & EntryFlags.Matched) != 0))
                continue;
            if (Holds(lefts.View(_rights[i]), right))
                _candidates.Add(_rights[i]);
        }

        return _candidates.Count;
    }

    // How many held rights can have a left.
    int FindRights(in RecordView left)
    {
        var rights = Store(Side.Right);
        _rights.Clear();
        rights.Find(SideStore.HashOf(left), left.Key, left.Time - Definition.BeforeMs, left.Time + Definition.AfterMs, _rights);
        var found = 0;
        for (var i = 0; i < _rights.Count; i++)
        {
            if ((rights[_rights[i]].Flags & EntryFlags.Closed) == 0 && Holds(left, rights.View(_rights[i])))
                found++;
        }

        return found;
    }
}
