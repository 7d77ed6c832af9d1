using System.Diagnostics;
using System.Runtime.InteropServices;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// With <c>late.policy = repair</c>: which rights give a row at the end of an event of an
/// <see cref="AttributionJoin"/>, and which lefts each has. Rights whose row is out stay buffered, and so do the lefts
/// that they have, each with the row in which it stands now. A record that comes late touches some of them:
/// <list type="bullet">
/// <item>A left: with credit = first the first right that can have it, out or not; with credit = every each of
/// them.</item>
/// <item>A right: itself, and with credit = first the rights after it that had the lefts which it takes.</item>
/// </list>
/// <para>
/// The due rights and those that are touched claim their lefts in order, each once: one takes from none but later ones,
/// so what a right has is final when its turn is over. A right that is out and whose lefts changed comes again, with
/// what it has now, down to none. That row supersedes the one before it and the untaken rows of the lefts that it
/// gained.
/// </para>
/// <para>
/// An example: before = 0, after = 10, credit = first, repair-for = 50; the rows are out at the watermarks 200.
/// </para>
/// <code>
/// rows so far                 record   rows at the event's end
/// (r2@108: l1@100) (l2@150)   r1@103   (r1: l1), and (r2: -) supersedes (r2: l1)
/// (r1: l1) (r2: -) (l2)       l3@105   (r2: l3) supersedes (r2: -): r1 at 103 cannot have l3
/// (r1: l1) (r2: l3) (l2)      r3@155   (r3: l2) supersedes (l2)
/// </code>
/// <para>
/// Invariant. A row is superseded once: no event names it twice, and then no record stands in it. JoinPropertyTests
/// compares with brute force which right has which left.
/// </para>
/// </summary>
/// <param name="join">The join.</param>
/// <param name="state">Its state.</param>
/// <param name="creditsFirst">Whether a left goes to one right alone.</param>
sealed class AttributionRepair(AttributionJoin join, JoinState state, bool creditsFirst)
{
    readonly EntryList _found = new();
    readonly EntryList _lefts = new();
    readonly List<RecordAddress> _shown = [];
    readonly List<RowId> _superseded = [];

    // The rights whose turn comes, in order, perhaps more than once.
    readonly DueHeap _claimants = new(state.Right.Store);

    // Those that are out and lost a left in this event.
    readonly HashSet<int> _lost = [];

    // Of this event, for the checked build alone.
    readonly HashSet<RowId> _supersededInEvent = [];

    // The rights that are out behind the one whose turn it is, by their rows.
    readonly Dictionary<RowId, int> _later = [];

    /// <summary>A left came: rights that are out may have it.</summary>
    internal void LeftCame(in Arrival arrival, in RecordView left)
    {
        // A right is out when no left comes any more that is in time and that it could have.
        if (left.Time >= state.Watermarks.Left)
            return;
        var (before, after) = (state.Definition.BeforeMs, state.Definition.AfterMs);
        _found.Clear();
        state.Right.Store.Find(arrival.KeyHash, left.Key, left.Time - before, left.Time + after, _found);
        for (var i = 0; i < _found.Count; i++)
        {
            if (!state.WhereHolds(left, state.Right.Store.View(_found[i])))
                continue;
            if (IsOut(_found[i]))
                Claims(_found[i]);
            if (creditsFirst)
                return;
        }
    }

    /// <summary>Ends the event for the rights: those that are due, and those whose lefts changed.</summary>
    /// <param name="outBefore">Rights of lower times were out before the event, if they were there.</param>
    /// <param name="output">Takes the rows.</param>
    internal void EmitClaimants(long outBefore, IJoinOutput output)
    {
        var rights = state.Right;
        while (rights.Due.TryDequeue(rights.ClosedBefore, out var due))
            Claims(due);
        for (var last = EntryTable.None; _claimants.Count > 0;)
        {
            var right = _claimants.Pop();
            if (right == last)
                continue;
            last = right;
            if (IsOut(right))
                EmitAgain(right, output);
            else
                EmitFirst(right, rights.Store[right].Time < outBefore, output);
        }

        _lost.Clear();
        CheckNoneStandsInSuperseded(state.Left);
        CheckNoneStandsInSuperseded(state.Right);
        _supersededInEvent.Clear();
    }

    bool IsOut(int right) => (state.Right.Store[right].Flags & EntryFlags.Done) != 0;

    void Claims(int right) => _claimants.Push(state.Right.Store[right].Time, right);

    void EmitFirst(int right, bool isBeforeOthers, IJoinOutput output)
    {
        var rights = state.Right;
        ref var entry = ref rights.Store[right];
        var view = rights.Store.View(right);
        _later.Clear();
        if (isBeforeOthers && creditsFirst)
            FindLater(right, view);
        _superseded.Clear();
        ClaimLefts(view, null);
        if (_lefts.Count > 0)
            rights.CountMatched(ref entry);
        var givesRow = _lefts.Count > 0 || (entry.Flags & EntryFlags.Late) == 0;
        entry.Flags |= EntryFlags.Done;
        if (_lefts.Count == 0 && givesRow)
        {
            rights.Ledger.Waiting--;
            rights.Ledger.Unmatched++;
        }

        if (givesRow)
            Emit(right, view, output);
    }

    void EmitAgain(int right, IJoinOutput output)
    {
        var rights = state.Right;
        ref var entry = ref rights.Store[right];
        RowId? own = (entry.Flags & EntryFlags.RowKept) != 0 ? rights.Store.Rows[right] : null;
        _superseded.Clear();
        if (own is { } row)
            _superseded.Add(row);
        _later.Clear();
        var view = rights.Store.View(right);
        var gains = ClaimLefts(view, own);
        if (gains == 0 && !_lost.Contains(right))
            return;
        if (_lefts.Count > 0)
            rights.CountMatched(ref entry);
        else
            rights.CountUnmatched(ref entry);
        Emit(right, view, output);
    }

    // The lefts that a right has: into _lefts, in order. Returns how many of them did not stand in its row.
    int ClaimLefts(in RecordView right, RowId? own)
    {
        var (before, after) = (state.Definition.BeforeMs, state.Definition.AfterMs);
        var store = state.Left.Store;
        _lefts.Clear();
        if (right.KeyIsNull)
            return 0;
        _found.Clear();
        store.Find(SideStore.HashOf(right), right.Key, right.Time - after, right.Time + before, _found);
        var gained = 0;
        for (var i = 0; i < _found.Count; i++)
        {
            var left = _found[i];
            var flags = store[left].Flags;
            var isKept = (flags & EntryFlags.RowKept) != 0;
            var isTaken = (flags & EntryFlags.Matched) != 0;
            var isOwn = creditsFirst && isTaken && isKept && own == store.Rows[left];
            if (!isOwn && !CanHave(flags, left))
                continue;
            if (!state.WhereHolds(store.View(left), right))
                continue;
            _lefts.Add(left);
            if (isOwn)
                continue;
            gained++;
            state.Distances?.Add(right.Time - store[left].Time);
            if (!isTaken && isKept)
                _superseded.Add(store.Rows[left]);
            else if (creditsFirst && isTaken)
                TakeFrom(_later[store.Rows[left]]);
        }

        return gained;
    }

    // A left that no right has, unless its row is out and cannot be superseded; with credit = every any that is had,
    // with credit = first what a later right has.
    bool CanHave(EntryFlags flags, int left)
    {
        var isKept = (flags & EntryFlags.RowKept) != 0;
        if ((flags & EntryFlags.Matched) == 0)
            return (flags & EntryFlags.Done) == 0 || isKept;
        return !creditsFirst || (isKept && _later.ContainsKey(state.Left.Store.Rows[left]));
    }

    void TakeFrom(int right)
    {
        if (_lost.Add(right))
            Claims(right);
    }

    // The rights that are out, come after this one, and may have a left that it can have.
    void FindLater(int right, in RecordView view)
    {
        var store = state.Right.Store;
        var span = Math.Max(0, state.Definition.BeforeMs + state.Definition.AfterMs);
        _found.Clear();
        store.Find(SideStore.HashOf(view), view.Key, view.Time, view.Time + span, _found);
        for (var i = 0; i < _found.Count; i++)
        {
            if ((store[_found[i]].Flags & EntryFlags.RowKept) != 0 && store.Compare(_found[i], right) > 0)
                _later.Add(store.Rows[_found[i]], _found[i]);
        }
    }

    // The row of a right with _lefts, which supersedes _superseded. All that stands in it is kept with it.
    void Emit(int right, in RecordView view, IJoinOutput output)
    {
        var (lefts, rights) = (state.Left, state.Right);
        var isLate = (rights.Store[right].Flags & EntryFlags.Late) != 0;
        _shown.Clear();
        for (var i = 0; i < _lefts.Count; i++)
        {
            ref var left = ref lefts.Store[_lefts[i]];
            isLate |= (left.Flags & EntryFlags.Late) != 0;
            if (i < state.Definition.MaxLefts)
                _shown.Add(lefts.Store.Address(_lefts[i]));
            lefts.CountMatched(ref left);
        }

        var kind = _superseded.Count > 0 ? RowKind.Repaired
            : _lefts.Count == 0 ? RowKind.Unmatched
            : isLate ? RowKind.LateJoined : RowKind.Matched;
        var row = output.Row(
            JoinRow.Attribution(view, CollectionsMarshal.AsSpan(_shown), _lefts.Count), kind, CollectionsMarshal.AsSpan(_superseded));
        CheckSupersededOnce();
        var isKept = view.Time >= rights.JoinableFrom;
        Keep(rights, right, isKept, row);
        for (var i = 0; i < _lefts.Count; i++)
            Keep(lefts, _lefts[i], isKept && creditsFirst, row);
        if (!creditsFirst)
            join.EndLeftsThatAwaited(_lefts, output);
    }

    static void Keep(JoinSide side, int entry, bool isKept, in RowId row)
    {
        if (isKept)
            side.Store.Rows.Keep(entry, row);
        else if ((side.Store[entry].Flags & EntryFlags.RowKept) != 0)
            side.Store.Rows.Drop(entry);
    }

    [Conditional("CHECKED")]
    void CheckSupersededOnce()
    {
        foreach (var row in _superseded)
            Invariant.Holds(_supersededInEvent.Add(row), "no event supersedes a row twice");
    }

    [Conditional("CHECKED")]
    void CheckNoneStandsInSuperseded(JoinSide side)
    {
        if (_supersededInEvent.Count == 0 || !state.IsCheckedInFull)
            return;
        foreach (var entry in side.Store.Entries())
        {
            var stands = (side.Store[entry].Flags & EntryFlags.RowKept) != 0 && _supersededInEvent.Contains(side.Store.Rows[entry]);
            Invariant.Holds(!stands, "no record stands in a row that is superseded");
        }
    }
}
