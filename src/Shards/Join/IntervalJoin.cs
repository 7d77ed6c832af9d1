using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The interval join of one key group: a pure, deterministic state machine without clock, I/O or actor.
/// <para>
/// Left l and right r with equal, non-null keys match when r.time is in [l.time - before, l.time + after] and the conditions hold.
/// Each event is applied in this order: <see cref="Begin"/>, each record by <see cref="Add"/>, judged by the watermarks as the event
/// before left them, then <see cref="Advance"/> with the new watermarks, which lets out what is due and drops what is over.
/// </para>
/// <para>
/// A record first reduces its own side: a duplicate id goes no further. Then it is judged late or not (time below its own side's
/// watermark), then it meets what the other side holds, then it rests until the other side's watermark has passed the end of its
/// window. <see cref="JoinThresholds"/> has the inequalities. What is held, closed or remembered is decided by comparing times with
/// thresholds, never by what happens to be in memory still: so expiry may work in whole buckets.
/// </para>
/// <para>
/// State is bounded by rate x (window + lateness + lag of the other side's watermark). A record costs one probe of the other side's
/// key index, an insertion into its own (and into its id index), O(log n) in the entries of its key, and its matches.
/// </para>
/// </summary>
abstract class IntervalJoin
{
    readonly SideStore _left;
    readonly SideStore _right;
    readonly Compaction[] _compactions;
    readonly SideLedger[] _ledgers = new SideLedger[2];

    // Whether the records lie in files; asking memory for them would be in vain.
    readonly bool _readsAhead;

    // What the records of the event under way lie in; they are copied where they are held.
    Slab _event = Slab.Empty;

    protected IntervalJoin(JoinDefinition definition, SlabPool pool)
    {
        Definition = definition;
        var width = TimeBuckets.WidthFor(Math.Max(0, definition.BeforeMs + definition.AfterMs));
        _left = new SideStore(pool, width, definition.Left.Deduplicates);
        _right = new SideStore(pool, width, definition.Right.Deduplicates);
        _compactions = [new(_left), new(_right)];
        _readsAhead = !pool.IsMemory;
        Watermarks = SideWatermarks.Unknown;
        Thresholds = new JoinThresholds(definition, Watermarks);
    }

    /// <summary>What is joined how.</summary>
    internal JoinDefinition Definition { get; private set; }

    /// <summary>The watermarks as the last event left them.</summary>
    internal SideWatermarks Watermarks { get; private set; }

    /// <summary>Records held, those of which only the id is remembered included.</summary>
    internal int Count => _left.Count + _right.Count;

    /// <summary>Bytes of everything held.</summary>
    internal long Bytes => SlabBytes + TableBytes;

    /// <summary>Bytes of the records, dead ones included.</summary>
    internal long SlabBytes => _left.Log.Bytes + _right.Log.Bytes;

    /// <summary>About how many bytes the live records take.</summary>
    internal long LiveBytes => _left.Log.LiveBytes + _right.Log.LiveBytes;

    /// <summary>Bytes of all that finds them.</summary>
    internal long TableBytes => _left.TableBytes + _right.TableBytes;

    protected JoinThresholds Thresholds { get; private set; }

    /// <summary>Of the key of the record that is taken in.</summary>
    protected uint Hash { get; private set; }

    internal static IntervalJoin Create(JoinDefinition definition, SlabPool pool) =>
        definition.Type == JoinType.Attribution ? new AttributionJoin(definition, pool) : new PairJoin(definition, pool);

    internal ref SideLedger Ledger(Side side) => ref _ledgers[(int)side];

    internal SideStore Store(Side side) => side == Side.Left ? _left : _right;

    /// <summary>Changes what may change while records are held: the late policy and the number of lefts shown.</summary>
    internal void Redefine(JoinDefinition definition)
    {
        Definition = definition;
        Thresholds = new JoinThresholds(definition, Watermarks);
    }

    /// <summary>Gives all memory back; the join is at its end.</summary>
    internal void Release()
    {
        _left.Log.Clear();
        _right.Log.Clear();
    }

    /// <summary>Begins an event; the places in <see cref="Add"/> refer to its bytes, which nobody changes until <see cref="Advance"/>.</summary>
    internal void Begin(byte[] bytes) => _event = Slab.Over(bytes);

    /// <summary>
    /// Where records lie in files: begins to read those that the records of a batch will meet, so that the disk is asked for many at a time and not for
    /// each when it is needed.
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
            _left.ReadAhead(hash);
            _right.ReadAhead(hash);
        }
    }

    /// <summary>Takes in one record of the event.</summary>
    /// <param name="batch">Where its batch begins.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="header">The batch's head.</param>
    /// <param name="record">The record.</param>
    /// <param name="output">Takes the rows.</param>
    internal void Add(int batch, int position, in BatchHeader header, in RecordView record, IJoinOutput output)
    {
        var side = header.Side;
        ref var ledger = ref Ledger(side);
        ledger.Received++;
        Hash = SideStore.HashOf(record);
        if (Store(side).Remembers(record) && IsDuplicate(header, record, output))
        {
            ledger.Duplicate++;
            return;
        }

        var late = record.Time < Watermarks.Of(side);
        if (late && Definition.Late == LatePolicy.Drop)
        {
            ledger.Late++;
            output.Late(side, header.Source, record, RowKind.LateRecord, Reason(side, record, 0));
            return;
        }

        var partners = 0L;
        var place = new RecordPlace(_event, position, batch);
        if (record.KeyIsNull)
            AddNullKey(side, place, record, late, output);
        else
            partners = AddRecord(side, place, record, late, output);
        if (late)
            output.Late(side, header.Source, record, RowKind.LateRecord, Reason(side, record, partners));
    }

    /// <summary>Ends the event: the new watermarks, then the rows they make due, then expiry.</summary>
    /// <param name="settle">
    /// Whether the ledger is to be exact afterwards, as at the end of a bounded run. Otherwise records that close without a row count
    /// as resting until their bucket has closed: looking for them in each event would cost more than the join.
    /// </param>
    internal void Advance(in SideWatermarks watermarks, IJoinOutput output, bool settle = false)
    {
        Watermarks = watermarks;
        Thresholds = new JoinThresholds(Definition, watermarks);
        EmitDue(settle, output);
        Expire(_left, Thresholds.LeftForget);
        Expire(_right, Thresholds.RightForget);
        _event = Slab.Empty;
        foreach (var compaction in _compactions)
            compaction.Step();
    }

    /// <summary>Whether watermarks would make a row due. May say yes where it turns out there is none, never the other way round.</summary>
    internal bool WouldEmit(in SideWatermarks watermarks)
    {
        var thresholds = new JoinThresholds(Definition, watermarks);
        return WouldEmit(Side.Left, thresholds.LeftClose) || WouldEmit(Side.Right, thresholds.RightClose);
    }

    /// <summary>
    /// The least watermarks at which no row is held; for a side that holds nothing back, <see cref="SideWatermarks.None"/>.
    /// </summary>
    internal (long Left, long Right) LeastThatClose()
    {
        var lastLeft = LastHeld(Side.Left, Thresholds.LeftClose);
        var lastRight = LastHeld(Side.Right, Thresholds.RightClose);
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

    /// <summary>Takes a record in that a snapshot held.</summary>
    internal void Restore(Side side, in RecordPlace place, in RecordView record, EntryFlags flags) =>
        Store(side).Add(place, record, SideStore.HashOf(record), flags);

    /// <summary>Ends <see cref="Restore"/>.</summary>
    internal void Restored(in SideWatermarks watermarks)
    {
        Watermarks = watermarks;
        Thresholds = new JoinThresholds(Definition, watermarks);
    }

    /// <summary>Joins a record with what is held and lets it rest. Returns how many partners it found.</summary>
    protected abstract long AddRecord(Side side, in RecordPlace place, in RecordView record, bool late, IJoinOutput output);

    /// <summary>Lets out every row that <see cref="Thresholds"/> make due.</summary>
    protected abstract void EmitDue(bool settle, IJoinOutput output);

    /// <summary>Whether an entry waits for its time in <see cref="SideStore.Due"/>.</summary>
    protected abstract bool WaitsForTime(Side side, EntryFlags flags);

    /// <summary>Whether an entry can still join, its time permitting.</summary>
    protected virtual bool IsHeld(Side side, EntryFlags flags) =>
        (flags & (EntryFlags.Indexed | EntryFlags.Closed)) == EntryFlags.Indexed;

    /// <summary>The row of a record that nothing joined.</summary>
    protected abstract void EmitAlone(Side side, in RecordPlace place, IJoinOutput output);

    /// <summary>Whether the pair fulfils the conditions beside key and time.</summary>
    protected bool Holds(in RecordView left, in RecordView right) => Definition.Where is null || Definition.Where.Holds(left.Fields, right.Fields);

    /// <summary>
    /// Lets a record rest, or only its id where it cannot join any more, or nothing where that too is over.
    /// </summary>
    protected void Keep(Side side, in RecordPlace place, in RecordView record, EntryFlags flags)
    {
        var store = Store(side);
        if ((flags & EntryFlags.Closed) != 0 && (!store.Remembers(record) || record.Time < Thresholds.Forget(side)))
            return;
        var entry = store.Add(place, record, Hash, flags);
        if (record.Time < store.Due.ReachedTo && WaitsForTime(side, flags))
            store.Due.Push(record.Time, entry);
    }

    /// <summary>Settles the fate of a record that came and found nothing: a row now where its window is closed or its key is null.</summary>
    protected void SettleAlone(Side side, in RecordPlace place, bool late, bool over, IJoinOutput output)
    {
        ref var ledger = ref Ledger(side);
        if (late)
        {
            ledger.Late++;
        }
        else if (!over)
        {
            ledger.Resting++;
        }
        else if (Definition.Preserves(side))
        {
            ledger.Unmatched++;
            EmitAlone(side, place, output);
        }
        else
        {
            ledger.Expired++;
        }
    }

    /// <summary>Puts into the heap what lies in buckets that <paramref name="close"/> has reached.</summary>
    protected void Reach(Side side, long close)
    {
        var store = Store(side);
        var reached = store.Due.ReachedTo;
        if (close <= reached)
            return;
        foreach (ref var bucket in store.Buckets.From(reached))
        {
            if (bucket.MinTime >= close)
                break;
            if (bucket.MaxTime < reached)
                continue;
            reached = Math.Max(reached, store.Buckets.EndOf(bucket));
            for (var entry = bucket.Last; entry != EntryTable.None; entry = store.Previous(entry))
            {
                if (store[entry].Time >= store.Due.ReachedTo && WaitsForTime(side, store[entry].Flags))
                    store.Due.Push(store[entry].Time, entry);
            }
        }

        store.Due.ReachedTo = Math.Max(reached, close);
    }

    long LastHeld(Side side, long close)
    {
        var store = Store(side);
        foreach (ref var bucket in store.Buckets.Descending())
        {
            if (bucket.MaxTime < close)
                break;
            var last = long.MinValue;
            for (var entry = bucket.Last; entry != EntryTable.None; entry = store.Previous(entry))
            {
                if (IsHeld(side, store[entry].Flags))
                    last = Math.Max(last, store[entry].Time);
            }

            if (last >= close)
                return last;
        }

        return long.MinValue;
    }

    static void Expire(SideStore store, long forget)
    {
        while (store.Buckets.Count > 0 && store.Buckets.First.MaxTime < forget)
            store.RemoveFirstBucket();
    }

    bool WouldEmit(Side side, long close)
    {
        if (!Definition.Preserves(side))
            return false;
        var store = Store(side);
        while (store.Due.Count > 0 && !WaitsForTime(side, store[store.Due.Lowest].Flags))
            store.Due.Pop();
        if (store.Due.Count > 0 && store.Due.LowestTime < close)
            return true;
        foreach (ref var bucket in store.Buckets.From(store.Due.ReachedTo))
        {
            if (bucket.MaxTime >= store.Due.ReachedTo)
                return bucket.MinTime < close;
        }

        return false;
    }

    bool IsDuplicate(in BatchHeader header, in RecordView record, IJoinOutput output)
    {
        var first = Store(header.Side).FindId(record, Hash, Thresholds.Forget(header.Side));
        if (first == EntryTable.None)
            return false;
        if (Store(header.Side)[first].Time != record.Time)
            output.Late(header.Side, header.Source, record, RowKind.IdConflict, Reason(header.Side, record, 0));
        return true;
    }

    void AddNullKey(Side side, in RecordPlace place, in RecordView record, bool late, IJoinOutput output)
    {
        SettleAlone(side, place, late, over: true, output);
        Keep(side, place, record, EntryFlags.Closed);
    }

    LateReason Reason(Side side, in RecordView record, long partners)
    {
        var holder = Watermarks.HolderOf(side);
        var watermark = Watermarks.Of(side);
        return new LateReason(watermark - record.Time, watermark, holder.Source, holder.Partition, partners);
    }
}
