using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Partitions;
using AkkaJoin.Shards.Snapshots;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What the events of a key group have made of it: the records that are buffered, the applied offset and the watermark
/// of each partition, and who wrote which event. Only <see cref="Apply"/> and <see cref="Restore"/> change it, and only
/// by journaled bytes.
/// </summary>
/// <param name="number">The key group's number.</param>
/// <param name="rowWriters">Makes the row writer of a definition.</param>
/// <param name="pool">Where the records are kept.</param>
/// <param name="writesSource">Whether rows name the positions of their records.</param>
sealed class AppliedState(int number, Func<JoinDefinition, IRowWriter> rowWriters, SlabPool pool, bool writesSource = false)
{
    // Both null before the first event.
    IJoin? _join;
    OutputEncoder? _encoder;
    PairDistances? _distances;
    TimeRules _timeRules;
    Func<(long Left, long Right)> _caps = static () => (SideWatermarks.None, SideWatermarks.None);

    /// <summary>The key group's number.</summary>
    internal int Number { get; } = number;

    /// <summary>The sequence number of the last event applied.</summary>
    internal long Sequence { get; private set; }

    /// <summary>Who wrote the last event applied, as the first part of the ids of its rows.</summary>
    internal string IncarnationText { get; private set; } = "";

    /// <summary>Who wrote which event.</summary>
    internal IncarnationHistory History { get; private set; } = new();

    /// <summary>The applied offset and the watermark of each partition.</summary>
    internal PartitionClocks Clocks { get; private set; } = new();

    /// <summary>The buffered records and their fates; null before the first event.</summary>
    internal JoinState? Buffered => _join?.State;

    /// <summary>
    /// Where to look for rows after a crash, as the last event or the snapshot said it: for rows that were unconfirmed
    /// then or came later. Null where it did not say.
    /// </summary>
    internal OutputPositions? OutputsFrom { get; private set; }

    /// <summary>
    /// The sides' watermarks as they will be once these ticks and claims are applied by a definition.
    /// </summary>
    internal SideWatermarks WatermarksWith(IReadOnlyCollection<Tick> ticks, IReadOnlyCollection<Tick> claims, JoinDefinition definition) =>
        Clocks.WatermarksWith(ticks, claims, TimeRules.Of(definition), _caps);

    /// <summary>The same once time moves freely.</summary>
    internal SideWatermarks AwakeWith(IReadOnlyCollection<Tick> ticks, IReadOnlyCollection<Tick> claims, JoinDefinition definition) =>
        Clocks.WatermarksWith(ticks, claims, TimeRules.Of(definition), _caps, TimeHold.None);

    /// <summary>Rows put out by this incarnation.</summary>
    internal long Rows { get; private set; }

    /// <summary>Copies for the late topic put out by this incarnation.</summary>
    internal long LateCopies { get; private set; }

    /// <summary>Counts from here on: what came before belongs to earlier incarnations.</summary>
    internal void ResetCounts() => (Rows, LateCopies) = (0, 0);

    /// <summary>
    /// Counts how far apart in time the pairs lie that are found from now on. Nothing reads it here.
    /// </summary>
    internal void CountPairs(PairDistances distances)
    {
        _distances = distances;
        ShowPairs();
    }

    /// <summary>
    /// Applies an event and returns its rows. New partitions come first, then all records, then the watermarks, and
    /// last the rows that the new watermarks make due: a record is never late by a watermark of its own event.
    /// </summary>
    /// <exception cref="MalformedBatchException">The bytes are no event.</exception>
    internal byte[] Apply(long sequence, byte[] bytes, EventContent content)
    {
        Sequence = sequence;
        LearnWriter(content);
        if (content.Definition is not null)
            Define(content.Definition);
        if (_join is null || _encoder is null)
            throw new MalformedBatchException($"event {sequence} of key group {Number} comes before the join's definition");
        OutputsFrom = content.OutputsFrom;
        if (content.TimeHold is { } hold)
            Clocks.Obey(hold);

        HearOfPartitions(bytes, content);
        _encoder.StartEvent(IncarnationText, sequence);
        _join.State.StartEvent(bytes);
        foreach (var start in content.BatchStarts)
            _join.State.ReadAhead(start);
        foreach (var start in content.BatchStarts)
            ApplyRecords(bytes, start);
        foreach (var start in content.BatchStarts)
            RaiseBy(BatchHeader.Read(bytes.AsSpan(start)));
        RaiseBy(content.Ticks);
        if (content.Raise is { } raise)
        {
            Clocks.RaiseSide(Side.Left, raise.Left);
            Clocks.RaiseSide(Side.Right, raise.Right);
        }

        Clocks.UpdateTimes(_timeRules, _caps);
        _join.Advance(Clocks.Watermarks(), _encoder, exactLedger: content.Raise is not null);
        Rows += _encoder.Count - _encoder.LateCount;
        LateCopies += _encoder.LateCount;
        return _encoder.TakeRows();
    }

    /// <summary>Takes a snapshot's state.</summary>
    /// <returns>Whether every segment was there and whole; if not, the state is of no use.</returns>
    internal bool Restore(byte[] snapshot, SnapshotContent content, Func<int, byte[]?>? segments)
    {
        var head = content.Head;
        Sequence = head.Sequence;
        IncarnationText = head.IncarnationText;
        History = head.History;
        Clocks = head.Clocks;
        OutputsFrom = head.OutputsFrom;
        Define(head.Definition);
        var buffered = Buffered!;
        buffered.Ledger(Side.Left) = head.Left;
        buffered.Ledger(Side.Right) = head.Right;
        if (content.Segments.Count == 0)
            SnapshotCodec.ReadState(snapshot, content, buffered);
        for (var i = 0; i < content.Segments.Count; i++)
        {
            if (segments?.Invoke(i) is not { } segment || SnapshotSegment.Of(segment) != content.Segments[i])
                return false;
            SnapshotCodec.ReadSegment(segment, buffered);
        }

        buffered.EndRestore(Clocks.Watermarks(), head.Horizon);
        return true;
    }

    void Define(JoinDefinition definition)
    {
        if (_join is null)
            _join = IJoin.Create(definition, pool);
        else
            _join.State.Redefine(definition);
        _caps = _join.State.LeastThatClose;
        _timeRules = TimeRules.Of(definition);
        if (definition.Idle == IdlePolicy.Wait)
            Clocks.DropClaims();
        _encoder = new OutputEncoder(definition, rowWriters(definition), writesSource, Number);
        ShowPairs();
    }

    void ShowPairs()
    {
        if (_join?.State is { } state)
            state.Distances = _distances?.Of(-state.Definition.BeforeMs, state.Definition.AfterMs);
    }

    // In format 1 an incarnation names itself in its first event only, where the journal's id stood in even older
    // journals.
    void LearnWriter(EventContent content)
    {
        var incarnation = content.Incarnation ?? (content.JournalId is { } text ? Incarnation.Of(text) : History.Last);
        if (incarnation is not { } writer)
            throw new MalformedBatchException($"event {Sequence} of key group {Number} does not say who wrote it");
        if (content.JournalId is not null)
            IncarnationText = content.JournalId;
        else if (writer != History.Last)
            IncarnationText = writer.ToString();
        History.Wrote(writer, Sequence);
    }

    // Before everything else, since a new partition begins at its side's watermark as the last event left it.
    void HearOfPartitions(byte[] bytes, EventContent content)
    {
        foreach (var start in content.BatchStarts)
        {
            var header = BatchHeader.Read(bytes.AsSpan(start));
            Clocks.HearOf(header.PartitionId, header.PartitionCount);
        }

        foreach (var tick in content.Ticks)
        {
            if (!tick.IsClaim)
                Clocks.HearOf(tick.Partition, tick.PartitionCount);
        }
    }

    void ApplyRecords(byte[] bytes, int start)
    {
        var header = BatchHeader.Read(bytes.AsSpan(start));
        var applied = Clocks.AppliedOffset(header.PartitionId);
        var position = start + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            var record = RecordView.Read(bytes, position, header);
            if (record.Offset >= applied)
                _join!.Add(start, position, header, record, _encoder!);
            position = record.Next;
        }

        // The offset moves at once, since one event may hold a batch twice. The watermark moves after the last record
        // of the event.
        Clocks.Raise(header.PartitionId, header.PartitionCount, header.To, SideWatermarks.None);
    }

    // A claim counts where the event leaves the applied offset.
    void RaiseBy(IReadOnlyList<Tick> ticks)
    {
        foreach (var tick in ticks)
        {
            if (!tick.IsClaim)
                Clocks.Raise(tick.Partition, tick.PartitionCount, tick.To, tick.Watermark, tick.ClockMs);
        }

        foreach (var tick in ticks)
        {
            if (tick.IsClaim)
                Clocks.Claim(tick, _timeRules);
        }
    }

    void RaiseBy(in BatchHeader header)
    {
        if (header.Watermark != BatchHeader.NoWatermark)
            Clocks.Raise(header.PartitionId, header.PartitionCount, header.To, header.Watermark);
    }
}
