using System.Diagnostics;
using System.Runtime.InteropServices;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The take rate: one row per right (a play) with the lefts that it took (impressions), and a row for each left that no
/// right took.
/// <para>
/// A right can take a left when their keys are equal and not null, right.time is in [left.time - before, left.time +
/// after], and the conditions of <c>where</c> hold. With credit = first a left goes to the first right that can take
/// it, by event time; with credit = every to each of them. A record takes these steps; the methods below stand in the
/// same order:
/// </para>
/// <list type="number">
/// <item>Buffer. Whatever comes is buffered and makes no row yet: an earlier right or a further left may still
/// come.</item>
/// <item>Due, a right. It is due when every left that it can take has come and, with credit = first, every right before
/// it. The due rights come out in (time, id, partition, offset) order.</item>
/// <item>Match. A due right takes the buffered lefts that it can take and, with credit = first, that no right before it
/// took.</item>
/// <item>Due, a left. Its window closes when no right can come any more that could take it. If a buffered right still
/// can, it awaits that right's turn. If none can and none took it, its unmatched row is due.</item>
/// <item>Expire. A record leaves the state when nothing depends on it any more, its id included.</item>
/// </list>
/// <para>
/// With <c>late.policy = repair</c> steps 2 and 3 are those of <see cref="AttributionRepair"/>: rights that are out may
/// come again.
/// </para>
/// <para>
/// An example: before = 0 and after = 10, credit = first, one record an event; the watermarks are those that the event
/// leaves.
/// </para>
/// <code>
/// record   watermarks     what happens
///          left  right
/// l1@100    100     90    Buffer: l1 waits.
/// l2@104    104     90    Buffer: l2 waits.
/// r2@108    104     90    Buffer: r2 could take l1 and l2, but a right before it may still come.
/// r1@103    104     95    Buffer: this is one.
/// -         109    109    Due: no left and no right up to 108 can come any more.
///                         Match: first r1; of [93, 103] it takes l1: row (r1: l1).
///                         Then r2; of [98, 108] l1 is taken, and l2 is not: row (r2: l2).
/// l3@120    120    109    Buffer: l3 waits.
/// r3@131    120    131    Due: 131 is past 130, the end of l3's window, and r3 can take nothing before 121: row (l3).
///                         r3 itself waits until the left watermark passes 131.
/// </code>
/// <para>
/// Without late records the rows depend on the records alone, and not on the order in which they came
/// (JoinPropertyTests.Without_late_records_any_order_of_arrival_gives_the_rows_of_the_batch_join).
/// </para>
/// <para>
/// Invariants. With credit = first a left is taken once. A row is of a record that is not done, and that record is done
/// then, so the row comes once. For each left that awaits a right there is a buffered one that is not done.
/// </para>
/// </summary>
sealed class AttributionJoin : IJoin
{
    readonly bool _creditsFirst;
    readonly AttributionRepair _repair;

    // Used again and again: what a look-up finds, the lefts that a right takes, and the addresses of the lefts that its
    // row shows.
    readonly EntryList _found = new();
    readonly EntryList _taken = new();
    readonly List<RecordAddress> _shown = [];

    internal AttributionJoin(JoinDefinition definition, SlabPool pool)
    {
        _creditsFirst = definition.Credit == Credit.First;
        var endOfLeft = _creditsFirst ? EntryFlags.Done | EntryFlags.Matched : EntryFlags.Done;
        State = new JoinState(
            definition,
            pool,
            new SideRules(IsPreserved: true, NoRowToCome: endOfLeft | EntryFlags.AwaitsRight, Ended: endOfLeft),
            new SideRules(IsPreserved: true, NoRowToCome: EntryFlags.Done, Ended: EntryFlags.Done));
        _repair = new AttributionRepair(this, State, _creditsFirst);
    }

    /// <inheritdoc/>
    public JoinState State { get; }

    /// <inheritdoc/>
    public void Add(int batch, int position, in BatchHeader header, in RecordView record, IJoinOutput output)
    {
        if (!State.TryAdmit(batch, position, header, record, output, out var arrival))
            return;
        var partners = 0;
        if (record.KeyIsNull)
            Buffer(arrival, record, EntryFlags.Done, output);
        else if (arrival.Side == State.Left)
            partners = BufferLeft(arrival, record, output);
        else
            partners = BufferRight(arrival, record, output);
        if (arrival.IsLate)
            State.EmitLateCopy(arrival, record, partners, output);
    }

    /// <inheritdoc/>
    public void Advance(in SideWatermarks watermarks, IJoinOutput output, bool exactLedger = false)
    {
        var outBefore = State.Right.ClosedBefore;
        State.Advance(watermarks);
        if (State.Repairs)
            _repair.EmitClaimants(outBefore, output);
        else
            EmitDueRights(output);
        EmitDueLefts(output);
        State.Expire(); // 5. Expire: JoinThresholds says when a record is forgotten.
        State.EndEvent();
        CheckAwaiting();
    }

    // 1. Buffer. Returns how many buffered lefts a late right could take; its copy in the late topic says so.
    int BufferRight(in Arrival arrival, in RecordView right, IJoinOutput output)
    {
        var lefts = arrival.IsLate ? FindLefts(right) : 0;
        Buffer(arrival, right, EntryFlags.Indexed, output);
        return lefts;
    }

    // Returns how many buffered rights could take a left that is late, or whose window is closed.
    int BufferLeft(in Arrival arrival, in RecordView left, IJoinOutput output)
    {
        // With repair the end of the event says whose it is: a right that is out may have it.
        if (State.Repairs)
        {
            Buffer(arrival, left, EntryFlags.Indexed, output);
            _repair.LeftCame(arrival, left);
            return 0;
        }

        var isClosed = left.Time < State.Left.ClosedBefore;
        var rights = isClosed || arrival.IsLate ? CountRights(left) : 0;
        var flags = EntryFlags.Indexed;
        if (isClosed)
            flags = rights > 0 ? EntryFlags.Indexed | EntryFlags.AwaitsRight : EntryFlags.Done;
        Buffer(arrival, left, flags, output);
        return rights;
    }

    void Buffer(in Arrival arrival, in RecordView record, EntryFlags flags, IJoinOutput output)
    {
        var side = arrival.Side;
        if (arrival.IsLate)
            side.Ledger.Late++;
        else if ((flags & EntryFlags.Done) == 0)
            side.Ledger.Waiting++;
        else
            EmitUnmatched(side, arrival.Address, output);

        // Nobody asks it of a null key, which joins nothing, and snapshots do not say it.
        if (arrival.IsLate && !record.KeyIsNull)
            flags |= EntryFlags.Late;
        side.Buffer(arrival, record, flags);
    }

    // 2. Due, a right.
    void EmitDueRights(IJoinOutput output)
    {
        while (State.Right.Due.TryDequeue(State.Right.ClosedBefore, out var right))
            EmitRight(right, output);
    }

    // 3. Match: the right takes the lefts that it can take.
    void EmitRight(int entry, IJoinOutput output)
    {
        var rights = State.Right;
        ref var due = ref rights.Store[entry];
        Invariant.Holds((due.Flags & EntryFlags.Done) == 0, "the row of a right comes once");
        var isLate = (due.Flags & EntryFlags.Late) != 0;
        var right = rights.Store.View(entry);
        var takes = FindLefts(right) > 0;
        if (takes)
            rights.CountMatched(ref due);
        due.Flags |= EntryFlags.Done;
        if (takes)
        {
            EmitAttribution(right, isLate, output);
        }
        else if (!isLate)
        {
            rights.Ledger.Waiting--;
            EmitUnmatched(rights, rights.Store.Address(entry), output);
        }
    }

    // Of a right that takes the lefts in _taken.
    void EmitAttribution(in RecordView right, bool isLate, IJoinOutput output)
    {
        var lefts = State.Left;
        _shown.Clear();
        for (var i = 0; i < _taken.Count; i++)
        {
            ref var left = ref lefts.Store[_taken[i]];
            Invariant.Holds(!_creditsFirst || (left.Flags & EntryFlags.Matched) == 0, "with credit = first a left is taken once");
            isLate |= (left.Flags & EntryFlags.Late) != 0;
            if (i < State.Definition.MaxLefts)
                _shown.Add(lefts.Store.Address(_taken[i]));
            State.Distances?.Add(right.Time - left.Time);
            lefts.CountMatched(ref left);
        }

        var row = JoinRow.Attribution(right, CollectionsMarshal.AsSpan(_shown), _taken.Count);
        output.Row(row, isLate ? RowKind.LateJoined : RowKind.Matched);
        if (!_creditsFirst)
            EndLeftsThatAwaited(_taken, output);
    }

    /// <summary>With credit = every: those of the lefts of a row that awaited its right alone are done.</summary>
    internal void EndLeftsThatAwaited(EntryList taken, IJoinOutput output)
    {
        for (var i = 0; i < taken.Count; i++)
        {
            var isOpen = (State.Left.Store[taken[i]].Flags & (EntryFlags.AwaitsRight | EntryFlags.Done)) == EntryFlags.AwaitsRight;
            if (isOpen)
                EndUnlessAwaiting(taken[i], output);
        }
    }

    // 4. Due, a left.
    void EmitDueLefts(IJoinOutput output)
    {
        while (State.Left.Due.TryDequeue(State.Left.ClosedBefore, out var left))
            EndUnlessAwaiting(left, output);
    }

    // The left's window is closed.
    void EndUnlessAwaiting(int left, IJoinOutput output)
    {
        var lefts = State.Left;
        ref var entry = ref lefts.Store[left];
        if (CountRights(lefts.Store.View(left)) > 0)
        {
            entry.Flags |= EntryFlags.AwaitsRight;
            return;
        }

        Invariant.Holds((entry.Flags & EntryFlags.Done) == 0, "the row of a left comes once");
        entry.Flags |= EntryFlags.Done;
        if ((entry.Flags & (EntryFlags.Matched | EntryFlags.Late)) != 0)
            return;
        lefts.Ledger.Waiting--;
        var row = EmitUnmatched(lefts, lefts.Store.Address(left), output);
        if (State.Repairs && entry.Time >= lefts.JoinableFrom)
            lefts.Store.Rows.Keep(left, row);
    }

    RowId EmitUnmatched(JoinSide side, in RecordAddress address, IJoinOutput output)
    {
        side.Ledger.Unmatched++;
        var row = side == State.Left
            ? JoinRow.Untaken(new ReadOnlySpan<RecordAddress>(in address))
            : JoinRow.Attribution(address.View(), default, 0);
        return output.Row(row, RowKind.Unmatched);
    }

    // Which buffered lefts a right can take: into _taken, in order. Returns how many.
    int FindLefts(in RecordView right)
    {
        var lefts = State.Left;
        _taken.Clear();
        if (right.KeyIsNull)
            return 0;
        _found.Clear();
        lefts.Store.Find(
            SideStore.HashOf(right), right.Key, right.Time - State.Definition.AfterMs, right.Time + State.Definition.BeforeMs, _found);
        for (var i = 0; i < _found.Count; i++)
        {
            if (!lefts.HasEnded(_found[i]) && State.WhereHolds(lefts.Store.View(_found[i]), right))
                _taken.Add(_found[i]);
        }

        return _taken.Count;
    }

    // How many buffered rights that are not done can take a left.
    int CountRights(in RecordView left)
    {
        var rights = State.Right;
        _found.Clear();
        rights.Store.Find(
            SideStore.HashOf(left), left.Key, left.Time - State.Definition.BeforeMs, left.Time + State.Definition.AfterMs, _found);
        var count = 0;
        for (var i = 0; i < _found.Count; i++)
        {
            if (!rights.HasEnded(_found[i]) && State.WhereHolds(left, rights.Store.View(_found[i])))
                count++;
        }

        return count;
    }

    [Conditional("CHECKED")]
    void CheckAwaiting()
    {
        if (!State.IsCheckedInFull)
            return;
        foreach (var left in State.Left.Store.Entries())
        {
            var awaits = (State.Left.Store[left].Flags & EntryFlags.AwaitsRight) != 0 && !State.Left.HasEnded(left);
            Invariant.Holds(
                !awaits || CountRights(State.Left.Store.View(left)) > 0,
                "for each left that awaits a right there is a buffered one that is not done");
        }
    }
}
