using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The inner, left, right and full join: a row per pair as soon as its second record is there. The outer joins give
/// also a row for each record of a side that they preserve when its window closes without a partner.
/// <para>
/// A left and a right make a pair when their keys are equal and not null, right.time is in [left.time - before,
/// left.time + after], and the conditions of <c>where</c> hold. A record takes these steps; the methods below stand in
/// the same order:
/// </para>
/// <list type="number">
/// <item>Match. It meets the buffered records of the other side that can still get a partner (with <c>late.policy =
/// repair</c> some whose windows are closed are among them), and makes a row with each one that matches. The first row
/// of one whose unmatched row is out supersedes that row.</item>
/// <item>Buffer. It is buffered, for partners that may still come. If none can come any more, no more than its id is
/// remembered.</item>
/// <item>Due. Its window closes when the other side's watermark passes the last partner's time. If it has no partner by
/// then, its unmatched row is due.</item>
/// <item>Expire. It leaves the state when nothing depends on it any more, its id included.</item>
/// </list>
/// <para>
/// An example: a left join, before = 0 and after = 10, one record an event; the watermarks are those that the event
/// leaves.
/// </para>
/// <code>
/// record   watermarks     what happens
///          left  right
/// l1@100    100    100    Match: no right is buffered. Buffer: l1 waits.
/// r1@105    100    105    Match: 105 is in [100, 110]: row (l1, r1). Both are matched.
/// l2@102    100    105    Match: r1 is still open, and 105 is in [102, 112]: row (l2, r1).
/// l3@120    120    105    Match: 105 is not in [120, 130]. Buffer: l3 waits.
/// r2@131    120    131    Match: none. Buffer: r2 waits. Due: 131 is past 130, so the window of l3 is closed:
///                         row (l3, -).
/// l4@119    120    131    Late, for 119 is below the left watermark: l4 has no unmatched row to come, and a copy of it
///                         goes to the late topic.
/// -         200    200    The window of r2 is closed. A left join does not preserve rights: r2 counts as expired and
///                         gives no row. Expire: nothing depends on a record below 190 any more.
/// </code>
/// <para>
/// Invariants. A done record makes no pair, but to repair. An unmatched row is of a record whose window is closed, and
/// that is neither matched nor late nor done; it is done then, so the row comes once. With <c>late.policy = repair</c>
/// its id is kept while the record can get a partner, and is superseded once.
/// </para>
/// </summary>
sealed class PairJoin : IJoin
{
    // A record with one of these has no unmatched row to come.
    const EntryFlags NoRowToCome = EntryFlags.Matched | EntryFlags.Late | EntryFlags.Done;

    readonly EntryList _candidates = new();

    // The row that a pair supersedes: one at most.
    readonly RowId[] _superseded = new RowId[1];

    internal PairJoin(JoinDefinition definition, SlabPool pool) =>
        State = new JoinState(definition, pool, Rules(definition, Side.Left), Rules(definition, Side.Right));

    /// <inheritdoc/>
    public JoinState State { get; }

    /// <inheritdoc/>
    public void Add(int batch, int position, in BatchHeader header, in RecordView record, IJoinOutput output)
    {
        if (!State.TryAdmit(batch, position, header, record, output, out var arrival))
            return;
        var partners = record.KeyIsNull ? 0 : Match(arrival, record, output);
        Buffer(arrival, record, partners > 0, output);
        if (arrival.IsLate)
            State.EmitLateCopy(arrival, record, partners, output);
    }

    /// <inheritdoc/>
    public void Advance(in SideWatermarks watermarks, IJoinOutput output, bool exactLedger = false)
    {
        State.Advance(watermarks);
        EmitDue(State.Left, exactLedger, output);
        EmitDue(State.Right, exactLedger, output);
        State.Expire(); // 4. Expire: JoinThresholds says when a record is forgotten.
        State.EndEvent();
    }

    // 1. Match. Returns how many partners there are.
    int Match(in Arrival arrival, in RecordView record, IJoinOutput output)
    {
        var (before, after) = (State.Definition.BeforeMs, State.Definition.AfterMs);
        var isLeft = arrival.Side == State.Left;
        var others = isLeft ? State.Right : State.Left;
        var (earliest, latest) = isLeft ? (record.Time - before, record.Time + after) : (record.Time - after, record.Time + before);
        _candidates.Clear();
        others.Store.Find(arrival.KeyHash, record.Key, Math.Max(earliest, others.JoinableFrom), latest, _candidates);
        var partners = 0;
        for (var i = 0; i < _candidates.Count; i++)
        {
            var other = others.Store.View(_candidates[i]);
            if (isLeft ? !State.WhereHolds(record, other) : !State.WhereHolds(other, record))
                continue;
            partners++;
            var isLate = arrival.IsLate || (others.Store[_candidates[i]].Flags & EntryFlags.Late) != 0;
            var superseded = Supersede(others, _candidates[i]);
            var kind = superseded.Length > 0 ? RowKind.Repaired : isLate ? RowKind.LateJoined : RowKind.Matched;
            output.Row(isLeft ? JoinRow.Pair(record, other) : JoinRow.Pair(other, record), kind, superseded);
            State.Distances?.Add(isLeft ? other.Time - record.Time : record.Time - other.Time);
            others.CountMatched(ref others.Store[_candidates[i]]);
        }

        return partners;
    }

    // The unmatched row of an entry that gets a partner, if that row is out: the first pair takes its place. The record
    // that comes has no row yet, so a pair supersedes one row at most.
    ReadOnlySpan<RowId> Supersede(JoinSide side, int entry)
    {
        var flags = side.Store[entry].Flags;
        Invariant.Holds(State.Repairs || (flags & EntryFlags.Done) == 0, "a done record makes no pair, but to repair");
        Invariant.Holds(
            (flags & EntryFlags.RowKept) != 0 == ((flags & NoRowToCome) == EntryFlags.Done && side.IsPreserved),
            "the row of a record that came out unmatched is kept while it can get a partner");
        if ((flags & EntryFlags.RowKept) == 0)
            return default;
        _superseded[0] = side.Store.Rows[entry];
        side.Store.Rows.Drop(entry);
        return _superseded;
    }

    // 2. Buffer.
    void Buffer(in Arrival arrival, in RecordView record, bool isMatched, IJoinOutput output)
    {
        var side = arrival.Side;
        var isDone = record.KeyIsNull || record.Time < side.ClosedBefore;
        var isJoinable = !record.KeyIsNull && record.Time >= side.JoinableFrom;
        RowId? row = null;
        if (isMatched)
            side.Ledger.Matched++;
        else if (arrival.IsLate)
            side.Ledger.Late++;
        else if (!isDone)
            side.Ledger.Waiting++;
        else if (side.IsPreserved)
            row = EmitUnmatched(side, arrival.Address, output);
        else
            side.Ledger.Expired++;

        var flags = isDone ? EntryFlags.Done : EntryFlags.None;
        if (isJoinable)
            flags |= EntryFlags.Indexed;
        if (isMatched)
            flags |= EntryFlags.Matched;

        // Nobody asks it of a null key, which joins nothing, and snapshots do not say it.
        if (arrival.IsLate && !record.KeyIsNull)
            flags |= EntryFlags.Late;
        var entry = side.Buffer(arrival, record, flags);
        if (row is { } id && isJoinable)
            side.Store.Rows.Keep(entry, id);
    }

    // 3. Due.
    void EmitDue(JoinSide side, bool exactLedger, IJoinOutput output)
    {
        if (!side.IsPreserved)
        {
            side.CountExpired(exactLedger);
            return;
        }

        while (side.Due.TryDequeue(side.ClosedBefore, out var entry))
        {
            ref var due = ref side.Store[entry];
            Invariant.Holds(due.Time < side.ClosedBefore, "an unmatched row is of a record whose window is closed");
            Invariant.Holds((due.Flags & NoRowToCome) == 0, "an unmatched row is of a record that is neither matched nor late nor done");
            due.Flags |= EntryFlags.Done;
            side.Ledger.Waiting--;
            var row = EmitUnmatched(side, side.Store.Address(entry), output);
            if (due.Time >= side.JoinableFrom)
                side.Store.Rows.Keep(entry, row);
        }
    }

    RowId EmitUnmatched(JoinSide side, in RecordAddress address, IJoinOutput output)
    {
        side.Ledger.Unmatched++;
        var record = address.View();
        return output.Row(side == State.Left ? JoinRow.OnlyLeft(record) : JoinRow.OnlyRight(record), RowKind.Unmatched);
    }

    static SideRules Rules(JoinDefinition definition, Side side) => new(definition.Preserves(side), NoRowToCome, EntryFlags.Done);
}
