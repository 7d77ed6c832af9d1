using System.Diagnostics;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The state of a join: both sides with their buffered records, the watermarks, and what the kinds of join have in
/// common: which records are duplicates, which are late, what expires. <see cref="PairJoin"/> and
/// <see cref="AttributionJoin"/> say which records match, and when a row is due.
/// <para>
/// A record first meets its own side: a duplicate id goes no further. Then it is found to be late or not: late = its
/// time is below its own side's watermark. Whether a record can still join and whether its id is remembered is decided
/// by comparing times with thresholds (<see cref="JoinThresholds"/>), never by what happens to be in memory still. So
/// expiry may work in whole time buckets, and be late by one.
/// </para>
/// <para>
/// The state is bounded by rate x (window + lateness + lag of the other side's watermark). A record costs one probe of
/// the other side's key index, an insertion into its own (and into its id index), O(log n) in the entries of its key,
/// and its matches.
/// </para>
/// <para>
/// Invariants, after each event. Watermarks never go back. The ledger of each side adds up, and its waiting records are
/// the entries that have no partner, are not late and are not done. No record is forgotten before its window closes,
/// and no time bucket is there of which all records are forgotten.
/// </para>
/// </summary>
sealed class JoinState
{
    // A state of no more entries is checked in full after each event. A larger one is checked so seldom that this looks
    // at no more of its entries for each event.
    const int FullCheckMax = 500, EntriesOfEvent = 10;

    // Whether the records lie in files; to read memory ahead would be in vain.
    readonly bool _readsAhead;

    // What the records of the event under way lie in; they are copied where they are buffered.
    Slab _event = Slab.Empty;

    int _events;

    internal JoinState(JoinDefinition definition, SlabPool pool, SideRules left, SideRules right)
    {
        Definition = definition;
        var width = TimeBuckets.WidthFor(Math.Max(0, definition.BeforeMs + definition.AfterMs));
        Left = new JoinSide(Side.Left, left, new SideStore(pool, width, definition.Left.Deduplicates));
        Right = new JoinSide(Side.Right, right, new SideStore(pool, width, definition.Right.Deduplicates));
        _readsAhead = !pool.IsMemory;
        SetWatermarks(SideWatermarks.Unknown);
    }

    /// <summary>What is joined how.</summary>
    internal JoinDefinition Definition { get; private set; }

    internal JoinSide Left { get; }

    internal JoinSide Right { get; }

    /// <summary>The watermarks as the last event left them.</summary>
    internal SideWatermarks Watermarks { get; private set; }

    /// <summary>
    /// A record is late below it: the watermarks, and with <c>late.policy = repair</c> these less repair-for. It never
    /// goes back. So where repair is switched on, it stays where it is for so long: what was over before stays over.
    /// </summary>
    internal SideWatermarks Horizon { get; private set; } = SideWatermarks.Unknown;

    /// <summary>
    /// Counts where in the window the pairs of rows lie; no part of the state. Null = nobody asks.
    /// </summary>
    internal WindowHistogram? Distances { get; set; }

    /// <summary>Whether rows are superseded when records come late.</summary>
    internal bool Repairs => Definition.Late == LatePolicy.Repair;

    /// <summary>Buffered records, those of which only the id is remembered included.</summary>
    internal int Count => Left.Store.Count + Right.Store.Count;

    /// <summary>Bytes of the whole state.</summary>
    internal long Bytes => SlabBytes + TableBytes;

    /// <summary>Bytes of the records, dead ones included.</summary>
    internal long SlabBytes => Left.Store.Log.Bytes + Right.Store.Log.Bytes;

    /// <summary>About how many bytes the live records take.</summary>
    internal long LiveBytes => Left.Store.Log.LiveBytes + Right.Store.Log.LiveBytes;

    /// <summary>Bytes of all that finds them.</summary>
    internal long TableBytes => Left.Store.TableBytes + Right.Store.TableBytes;

    /// <summary>Whether the invariants are checked in full after this event; for the checked build alone.</summary>
    internal bool IsCheckedInFull => Count <= FullCheckMax || _events % (Count / EntriesOfEvent) == 0;

    internal JoinSide Of(Side side) => side == Side.Left ? Left : Right;

    internal ref SideLedger Ledger(Side side) => ref Of(side).Ledger;

    internal SideStore Store(Side side) => Of(side).Store;

    /// <summary>
    /// Changes what may change while records are buffered: the late policy, repair-for, and the number of lefts of a
    /// row.
    /// </summary>
    internal void Redefine(JoinDefinition definition)
    {
        Definition = definition;
        if (!Repairs)
        {
            Left.Store.Rows.DropAll();
            Right.Store.Rows.DropAll();
        }

        SetWatermarks(Watermarks);
    }

    /// <summary>Gives all memory back; the join is at its end.</summary>
    internal void ReturnMemory()
    {
        Left.Store.Log.ReturnSlabs();
        Right.Store.Log.ReturnSlabs();
    }

    /// <summary>
    /// Starts an event; positions of records refer to its bytes, which nobody changes until <see cref="EndEvent"/>.
    /// </summary>
    internal void StartEvent(byte[] bytes) => _event = Slab.Over(bytes);

    /// <summary>
    /// Where records lie in files: begins to read those that the records of a batch will meet, so that the disk is
    /// asked for many at a time and not for each when it is needed.
    /// </summary>
    /// <param name="batch">Where the batch begins in the event's bytes.</param>
    internal void ReadAhead(int batch)
    {
        if (!_readsAhead)
            return;
        var header = BatchHeader.Read(_event.Bytes[batch..]);
        var position = batch + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            var record = RecordView.Read(_event.Bytes, position, header);
            position = record.Next;
            if (record.KeyIsNull)
                continue;
            var hash = SideStore.HashOf(record);
            Left.Store.ReadAhead(hash);
            Right.Store.ReadAhead(hash);
        }
    }

    /// <summary>
    /// Takes in a record of the event. False for a duplicate, and for a late record where these are dropped: then its
    /// fate is counted, and it goes no further.
    /// </summary>
    internal bool TryAdmit(int batch, int position, in BatchHeader header, in RecordView record, IJoinOutput output, out Arrival arrival)
    {
        var side = Of(header.Side);
        var isLate = record.Time < Horizon.Of(header.Side);
        arrival = new Arrival(side, header.Source, new RecordAddress(_event, position, batch), SideStore.HashOf(record), isLate);
        side.Ledger.Received++;
        if (side.Store.Remembers(record) && IsDuplicate(arrival, record, output))
        {
            side.Ledger.Duplicate++;
            return false;
        }

        if (!isLate || Definition.Late == LatePolicy.Join)
            return true;
        side.Ledger.Late++;
        EmitLateCopy(arrival, record, 0, output);
        return false;
    }

    /// <summary>Puts out the copy of a late record.</summary>
    /// <param name="partners">How many it met.</param>
    internal void EmitLateCopy(in Arrival arrival, in RecordView record, int partners, IJoinOutput output) =>
        output.Late(arrival.Side.Name, arrival.Source, record, RowKind.LateRecord, Reason(arrival, record, partners));

    /// <summary>Whether a pair fulfils the conditions beside key and time.</summary>
    internal bool WhereHolds(in RecordView left, in RecordView right) =>
        Definition.Where is null || Definition.Where.Holds(left.Fields, right.Fields);

    /// <summary>The watermarks of the event.</summary>
    internal void Advance(in SideWatermarks watermarks)
    {
        Invariant.Holds(watermarks.Left >= Watermarks.Left && watermarks.Right >= Watermarks.Right, "watermarks never go back");
        SetWatermarks(watermarks);
    }

    /// <summary>Drops the time buckets of which all records are forgotten.</summary>
    internal void Expire()
    {
        Left.Expire();
        Right.Expire();
    }

    /// <summary>Ends the event: its bytes are read no more, and a little of what is dead is given back.</summary>
    internal void EndEvent()
    {
        _event = Slab.Empty;
        Left.Compaction.Step();
        Right.Compaction.Step();
        Check();
    }

    /// <summary>
    /// Whether watermarks would make a row due. May say yes where it turns out that there is none, never the other way
    /// round.
    /// </summary>
    internal bool WouldEmit(in SideWatermarks watermarks)
    {
        var thresholds = new JoinThresholds(Definition, watermarks, Horizon);
        return Left.WouldEmit(thresholds.LeftClosedBefore) || Right.WouldEmit(thresholds.RightClosedBefore);
    }

    /// <summary>Whether watermarks would let go of records.</summary>
    internal bool WouldExpire(in SideWatermarks watermarks)
    {
        var thresholds = new JoinThresholds(Definition, watermarks, Horizon);
        return Left.WouldExpire(thresholds.LeftForgottenBefore) || Right.WouldExpire(thresholds.RightForgottenBefore);
    }

    /// <summary>
    /// The watermarks to which time may rise on its way to others, so that about <paramref name="rowsMax"/> rows become
    /// due; <see cref="SideWatermarks.NoLimit"/> for a side that nothing keeps from rising all the way.
    /// </summary>
    internal (long Left, long Right) StepTo(in SideWatermarks watermarks, int rowsMax)
    {
        var thresholds = new JoinThresholds(Definition, watermarks, Horizon);
        var rows = Math.Max(1, Left.IsPreserved && Right.IsPreserved ? rowsMax / 2 : rowsMax);
        var (left, right) = (SideWatermarks.NoLimit, SideWatermarks.NoLimit);
        if (Left.StepTo(rows, thresholds.LeftClosedBefore) is { } lefts)
            right = lefts + Definition.AfterMs;
        if (Right.StepTo(rows, thresholds.RightClosedBefore) is { } rights)
        {
            left = rights + Definition.BeforeMs;
            if (Definition is { Type: JoinType.Attribution, Credit: Credit.First })
                right = Math.Min(right, rights);
        }

        return (left, right);
    }

    /// <summary>
    /// The least watermarks at which every window is closed; <see cref="SideWatermarks.None"/> for a side that keeps
    /// none open.
    /// </summary>
    internal (long Left, long Right) LeastThatClose()
    {
        var lastLeft = Left.LastOpenTime();
        var lastRight = Right.LastOpenTime();
        var left = SideWatermarks.None;
        var right = SideWatermarks.None;
        if (lastLeft != long.MinValue)
            right = lastLeft + Definition.AfterMs + 1;
        if (lastRight != long.MinValue)
            left = lastRight + Definition.BeforeMs + 1;
        if (lastRight != long.MinValue && Definition.Type == JoinType.Attribution && Definition.Credit == Credit.First)
            right = Math.Max(right, lastRight + 1);
        return (left, right);
    }

    /// <summary>The highest event time that is held, of either side; long.MinValue where nothing is.</summary>
    internal long HighestTime() => Math.Max(Left.Store.Buckets.HighestTime(), Right.Store.Buckets.HighestTime());

    /// <summary>Takes in a record of a snapshot.</summary>
    /// <param name="row">The row in which it stands, where the flags say that this is kept.</param>
    internal void Restore(Side side, in RecordAddress address, in RecordView record, EntryFlags flags, in RowId row)
    {
        var store = Store(side);
        var entry = store.Add(address, record, SideStore.HashOf(record), flags);
        if ((flags & EntryFlags.RowKept) != 0)
            store.Rows.Keep(entry, row);
    }

    /// <summary>Ends <see cref="Restore"/>.</summary>
    /// <param name="watermarks">The watermarks.</param>
    /// <param name="horizon">The horizon; it counts where rows are repaired, and is the watermarks elsewhere.</param>
    internal void EndRestore(in SideWatermarks watermarks, in SideWatermarks horizon)
    {
        Horizon = horizon;
        SetWatermarks(watermarks);
    }

    void SetWatermarks(in SideWatermarks watermarks)
    {
        Watermarks = watermarks;
        Horizon = watermarks with
        {
            Left = HorizonOf(Horizon.Left, watermarks.Left),
            Right = HorizonOf(Horizon.Right, watermarks.Right),
        };
        var thresholds = new JoinThresholds(Definition, watermarks, Horizon);
        (Left.ClosedBefore, Right.ClosedBefore) = (thresholds.LeftClosedBefore, thresholds.RightClosedBefore);
        (Left.JoinableFrom, Right.JoinableFrom) = (thresholds.LeftJoinableFrom, thresholds.RightJoinableFrom);
        (Left.ForgottenBefore, Right.ForgottenBefore) = (thresholds.LeftForgottenBefore, thresholds.RightForgottenBefore);
    }

    long HorizonOf(long last, long watermark) => Repairs ? Math.Max(last, watermark - Definition.RepairForMs) : watermark;

    bool IsDuplicate(in Arrival arrival, in RecordView record, IJoinOutput output)
    {
        var side = arrival.Side;
        var first = side.Store.FindId(record, arrival.KeyHash, side.ForgottenBefore);
        if (first == EntryTable.None)
            return false;
        if (side.Store[first].Time != record.Time)
            output.Late(side.Name, arrival.Source, record, RowKind.IdConflict, Reason(arrival, record, 0));
        return true;
    }

    LateReason Reason(in Arrival arrival, in RecordView record, int partners)
    {
        var holder = Watermarks.HolderOf(arrival.Side.Name);
        var watermark = Watermarks.Of(arrival.Side.Name);
        return new LateReason(watermark - record.Time, watermark, holder.Source, holder.Partition, partners);
    }

    [Conditional("CHECKED")]
    void Check()
    {
        _events++;
        Left.Check(IsCheckedInFull);
        Right.Check(IsCheckedInFull);
    }
}

/// <summary>A record that is taken in, and what was found out about it.</summary>
/// <param name="Side">Its side.</param>
/// <param name="Source">Its topic, among those of the side.</param>
/// <param name="Address">Where it lies in the event.</param>
/// <param name="KeyHash">The hash of its key (<see cref="SideStore.HashOf(in RecordView)"/>).</param>
/// <param name="IsLate">Whether its time is below its side's watermark.</param>
readonly record struct Arrival(JoinSide Side, int Source, RecordAddress Address, uint KeyHash, bool IsLate);
