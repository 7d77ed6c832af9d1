namespace AkkaJoin.Simulation.Mutants;

/// <summary>
/// The planted bugs, each a mistake that somebody could make in earnest. Not among them, since nothing follows from them here: a recovery
/// without the check of the last number (one that was overtaken cannot write, by the fence, and says nothing untrue), one without
/// a chunk that is missing (whoever deleted it has written behind it, so there is a hole, or it was overtaken). Nor one that is met too
/// seldom: a router that awaits an answer for what is covered already (LaneSet).
/// </summary>
static class MutantList
{
    internal static IReadOnlyList<Mutant> All { get; } =
    [
        // Coverage.
        new("skip the trim", "Shards/KeyGroups/KeyGroup.cs", "if (record.Offset >= covered)", "if (record.Offset >= 0)"),
        new(
            "accept a gap",
            "Shards/KeyGroups/KeyGroup.cs",
            "if (header.From > expected)",
            "if (header.From > expected + 100)"),
        new(
            "forget the covered-through in the snapshot",
            "Shards/Journal/SnapshotCodec.cs",
            "new PartitionClock(reader.Long(), reader.Long())",
            "new PartitionClock(Math.Min(0, reader.Long()), reader.Long())"),
        new(
            "tick above the acknowledged prefix",
            "Pipeline/Routing/SidePartition.cs",
            "new(Id, PartitionCount, beganAt, AcknowledgedThrough,",
            "new(Id, PartitionCount, beganAt, Cursors.Max(c => c.NextFrom),"),
        new(
            "cover a dead letter that is not written",
            "Pipeline/Routing/LaneSet.cs",
            "if (open.Owner.AwaitsDeadLetters || isFull)",
            "if (isFull)"),

        // A journal that is rolled back.
        new(
            "take a tick that begins one record above what is covered",
            "Shards/KeyGroups/KeyGroup.cs",
            "accepted < tick.From",
            "accepted + 1 < tick.From"),
        new(
            "begin at the committed offset where nobody knows any more where the join began",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "? 0 : PartitionOrigins.Unknown;",
            "? 0 : offset;"),
        new(
            "speak on after the journal was found to have forgotten a partition",
            "Pipeline/Routing/RouterDriver.cs",
            "        _hasFailed = true;\n",
            ""),
        new(
            "take a tick whose event is lost",
            "Shards/KeyGroups/KeyGroup.cs",
            "if (History.Holds(id, Sequence))",
            "if (History.Holds(id, Sequence) || id.Number > 0)"),
        new(
            "take any event of a number for the one that was acknowledged",
            "Shards/Journal/IncarnationHistory.cs",
            "_entries[i].Incarnation == id.Incarnation && _entries[i].First <= id.Number && id.Number <= newest",
            "id.Number <= newest"),
        new(
            "say of a partition what rests on a lost event while another begins anew",
            "Pipeline/Routing/Router.cs",
            "            FellBack(partition, message.Group, covered, nowMs);\n",
            "        {\n            FellBack(partition, message.Group, covered, nowMs);\n            SendTicks(nowMs, flush: false);\n        }\n"),
        new(
            "forget the event before when another incarnation acknowledges",
            "Pipeline/Routing/AcknowledgedEvents.cs",
            "e => e.Since <= verified && e.Id != id",
            "e => e.Id != id"),
        new(
            "keep acknowledged what a group has lost",
            "Pipeline/Routing/Router.cs",
            "else if (has < cursor.Covered)",
            "else if (has < cursor.Covered - 3)"),
        new(
            "name rows by the first incarnation",
            "Shards/KeyGroups/KeyGroup.cs",
            "        Own = _draw();\n",
            "        Own = History.Last ?? _draw();\n"),
        new(
            "confirm an event of another incarnation that has the same number",
            "Shards/KeyGroups/Confirmations.cs",
            "node.Value.Sequence != sequence || node.Value.Incarnation != incarnation",
            "node.Value.Sequence != sequence"),
        new(
            "believe that an event is confirmed by its number alone",
            "Shards/KeyGroups/KeyGroup.cs",
            "confirmed is { } known && History.Holds(known, Sequence)",
            "confirmed is { } known && known.Number <= Sequence"),
        new(
            "let a batch say where an unknown partition begins",
            "Shards/KeyGroups/KeyGroup.cs",
            "Math.Max(accepted, 0);",
            "accepted < 0 ? header.From : accepted;"),

        // Filters.
        new("make a filtered record a dead letter", "Pipeline/Routing/Router.cs", "if (_decoded.IsFiltered)", "if (_decoded.IsFiltered && nowMs < 0)"),
        new(
            "join a filtered record",
            "Pipeline/Routing/Router.cs",
            "var isRouted = route.Decode(chunk, i, _decoded);",
            "var isRouted = route.Decode(chunk, i, _decoded) || _decoded.IsFiltered;"),

        // Confirmation, acknowledgement, commit.
        new(
            "confirm before the broker acknowledges",
            "Shards/KeyGroups/KeyGroup.cs",
            "ConfirmedThrough => _confirmations.Through(Sequence);",
            "ConfirmedThrough => Sequence;"),
        new(
            "acknowledge a batch before its event is confirmed",
            "Shards/KeyGroups/Confirmations.cs",
            "ack.Sequence <= confirmed",
            "ack.Sequence <= confirmed + 1"),
        new(
            "acknowledge what came twice before its event is confirmed",
            "Shards/KeyGroups/KeyGroup.cs",
            "else if (Sequence <= ConfirmedThrough)",
            "else if (Sequence >= 0)"),
        new(
            "commit before the outputs are confirmed",
            "Pipeline/Routing/Router.cs",
            "var covered = partition.CoveredByAll();\n            if (partition.Phase != PartitionPhase.Reading",
            "var covered = partition.Position;\n            if (partition.Phase != PartitionPhase.Reading"),
        new(
            "commit of a self-join what one side alone has journaled",
            "Pipeline/Routing/SourcePartition.cs",
            "covered = Math.Min(covered, side.CoveredByAll());",
            "covered = covered == long.MaxValue ? side.CoveredByAll() : Math.Max(covered, side.CoveredByAll());"),
        new(
            "take each record of a self-join for the left side twice",
            "Pipeline/Routing/Router.cs",
            "partition.Sides.Length == 1 ? partition.Sides[0]",
            "partition.Sides.Length > 0 ? partition.Sides[0]"),
        new(
            "snapshot without the unconfirmed outputs",
            "Shards/KeyGroups/KeyGroup.cs",
            "_captureLength = LiveBytes;\n        return new SnapshotCapture(this, _confirmations.Outputs);",
            "_captureLength = LiveBytes;\n        return new SnapshotCapture(this, []);"),
        new("reuse an output id", "Shards/Outputs/OutputReader.cs", "Index++;", "Index = Math.Max(Index, 0);"),

        // Recovery.
        new(
            "recover without the check for holes",
            "Shards/KeyGroups/RecoveryRules.cs",
            "if (sequence != group.Sequence + 1)",
            "if (sequence < 0)"),
        new(
            "take a chunk that another incarnation deleted for damage",
            "Shards/KeyGroups/RecoveryRules.cs",
            "LostSnapshot == lostBefore",
            "LostSnapshot >= lostBefore"),
        new("delete the chunks of the newest snapshot", "Shards/KeyGroups/RecoveryRules.cs", "ChunksDeletableBelow(long snapshot) => snapshot;", "ChunksDeletableBelow(long snapshot) => snapshot + 1;"),
        new(
            "give the memory of a snapshot that is being written back",
            "Shards/Memory/SlabPool.cs",
            "slab.Holders++;",
            "slab.Holders += 0;"),
        new("delete the newest row of the journal", "Shards/KeyGroups/RecoveryRules.cs", "DeletableThrough(long snapshot) => snapshot - 1;", "DeletableThrough(long snapshot) => snapshot;"),
        new(
            "forget in the snapshot who was matched",
            "Shards/Journal/SnapshotSlab.cs",
            "_flags[_count++] = (byte)flags;",
            "_flags[_count++] = (byte)(flags & ~EntryFlags.Matched);"),

        // The shell.
        new(
            "delete the journal before the snapshot is durable",
            "Shards/KeyGroups/SnapshotCourse.cs",
            "effects.SaveManifest(message.Sequence, message.Manifest);",
            "effects.DeleteEvents(RecoveryRules.DeletableThrough(message.Sequence));\n        effects.SaveManifest(message.Sequence, message.Manifest);"),
        new(
            "remember a confirmation beyond one that is missing",
            "Shards/KeyGroups/KeyGroupShell.cs",
            "_memory.Confirmed = _group.Confirmed ?? _memory.Confirmed;",
            "_memory.Confirmed = _group.History.Find(m.Sequence);"),
        new(
            "close time before what waits",
            "Shards/KeyGroups/PendingEvent.cs",
            "_messages.Count == 0 ? _raise : null",
            "_raise"),
        new(
            "forget after a recovery to hand out what is unconfirmed",
            "Shards/KeyGroups/KeyGroupShell.cs",
            "        _sender.Begin();\n",
            "        _group.Recovered(_group.History.Find(_group.Sequence));\n"),

        // The consumer and the router's stage.
        new(
            "read before the start is committed",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "Find(m.Topic, m.Partition)!.StartUncommitted = true;",
            "Find(m.Topic, m.Partition)!.StartUncommitted = m.Offset < 0;"),
        new(
            "begin where the log ends instead of at the committed offset",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "var offset = committed >= 0 ? committed : origin >= start",
            "var offset = committed > start ? committed : origin > start"),
        new(
            "commit a start before the catalogue has it as the partition's origin",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "partitions.Where(p => committed[p] < 0)",
            "partitions.Where(p => committed[p] > 0)"),
        new(
            "take a commit that failed for one that worked",
            "Pipeline/Kafka/Consuming/OffsetCommitter.cs",
            "if (answer != ErrorCode.NoError)\n        {",
            "if (answer == ErrorCode.IllegalGeneration)\n        {"),
        new(
            "forget the commits that failed",
            "Pipeline/Kafka/Consuming/OffsetCommitter.cs",
            "handover.ReturnCommits(_requested);",
            "handover.ReturnCommits([]);"),
        new(
            "go on before a dead letter is acknowledged",
            "Pipeline/Engine/EngineEffects.cs",
            "await Task.WhenAll(letters.Select(letter => writeDeadLetter(letter, stopping))).ConfigureAwait(false);",
            "_ = Task.WhenAll(letters.Select(letter => writeDeadLetter(letter, stopping))); await Task.CompletedTask.ConfigureAwait(false);"),
        new(
            "give the parts of two messages one number",
            "Pipeline/Routing/RouterDriver.cs",
            "++_messagesInParts",
            "_messagesInParts"),
        new(
            "drop what waits in the inbox at a commit",
            "Pipeline/Routing/LeavingPartitions.cs",
            "Result: >= 0 })",
            "Result: >= -1 })"),

        new(
            "begin with an added partition at its end",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "_settings.StartAtEarliest || _subscription.Sources.IsAdded(p.Topic, p.Partition.Value) ? start : end",
            "_settings.StartAtEarliest ? start : end"),
        new(
            "let an added partition put time back",
            "Shards/KeyGroups/PartitionClocks.cs",
            "number < partitionCount && watermark > SideWatermarks.None",
            "number < partitionCount && watermark > SideWatermarks.None && number < 0"),
        new(
            "skip what was deleted before it was read",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "CheckRange(p, committed[p], starts[p], ends[p]);",
            "((IDictionary<TopicPartition, long>)committed)[p] = committed[p] >= 0 ? Math.Max(committed[p], starts[p]) : committed[p];"),
        new(
            "hold the slowest partition back",
            "Pipeline/Routing/DriftGate.cs",
            "progress > Floor(nowMs) + drift",
            "progress >= Floor(nowMs) + drift"),
        new(
            "read a partition on that is ahead",
            "Pipeline/Routing/Router.cs",
            "partition.Waiting.Count == 0 || _drift.IsAhead(partition, nowMs))",
            "partition.Waiting.Count == 0)"),
        new(
            "close one millisecond less than the last row needs",
            "Shards/Join/IntervalJoin.cs",
            "right = lastLeft + Definition.AfterMs + 1;",
            "right = lastLeft + Definition.AfterMs;"),

        // What a peer says.
        new("take what a peer says of a topic that there is not", "Shards/Protocol/PeerChecks.cs", "is < 0 or >= TopicsOfSide)", "is < 0)"),
        new("take offsets up to the end of a number", "Shards/Protocol/PeerChecks.cs", "from > to || to >= OffsetMax)", "from > to)"),
        new("take a tick that begins behind its end", "Shards/Protocol/PeerChecks.cs", "from > to || to >= OffsetMax)", "to >= OffsetMax)"),
        new("take any watermark", "Shards/Protocol/PeerChecks.cs", "(>= WatermarkMin and <= TimeLimits.Max)", "(>= WatermarkMin and <= long.MaxValue)"),
        new(
            "let what is malformed end a key group",
            "Shards/KeyGroups/KeyGroupShell.cs",
            "catch (MalformedBatchException e)",
            "catch (MalformedBatchException e) when (sender is null)"),

        // The tail of the output.
        new(
            "read the tail before it has settled",
            "Pipeline/Kafka/Deduplicating/TailReader.cs",
            "if (rest > TimeSpan.Zero)",
            "if (rest > TimeSpan.MaxValue)"),
        new(
            "read the tail before the broker has what is on its way",
            "Pipeline/Kafka/Deduplicating/Deliveries.cs",
            "if (!_underWay.ContainsKey(group))",
            "if (group >= 0)"),
        new(
            "read the tail from where this node knows the end to be",
            "Shards/KeyGroups/Confirmations.cs",
            "node.Value = node.Value with { From = journaled };",
            "node.Value = node.Value with { From = null };"),
        new(
            "forget that a row of an event was there",
            "Pipeline/Kafka/Deduplicating/TailSearch.cs",
            "wanted.Found.Add(id.Index);",
            "wanted.Found.Add(id.Index & ~1);"),

        // The join.
        new(
            "close one millisecond early",
            "Shards/Join/JoinThresholds.cs",
            "LeftClose = w.Right - after;",
            "LeftClose = w.Right - after + 1;"),
        new(
            "expire one millisecond early",
            "Shards/Join/JoinThresholds.cs",
            "RightClose = w.Left - before;",
            "RightClose = w.Left - before + 1;"),
        new(
            "forget ids one millisecond early",
            "Shards/Join/JoinThresholds.cs",
            "LeftForget = Math.Min(LeftForget, latesJoin ? w.Left - span : w.Left);",
            "LeftForget = Math.Min(LeftForget + 1, latesJoin ? w.Left - span + 1 : w.Left + 1);"),
        new(
            "an unmatched row twice",
            "Shards/Join/PairJoin.cs",
            "store[entry].Flags |= EntryFlags.Closed;",
            "store[entry].Flags |= EntryFlags.None;"),
        new(
            "count a duplicate as received twice",
            "Shards/Join/IntervalJoin.cs",
            "ledger.Duplicate++;",
            "ledger.Duplicate++;\n            ledger.Received++;"),
        new("the watermark before the records of its event", "Shards/KeyGroups/KeyGroup.cs", "            ApplyRecords(bytes, start);", """
            {
                RaiseTimeBy(BatchHeader.Read(bytes.AsSpan(start)));
                ApplyRecords(bytes, start);
            }

            void RaiseTimeBy(in BatchHeader header)
            {
                if (header.Watermark == BatchHeader.NoWatermark)
                    return;
                Clocks.Raise(header.PartitionId, header.PartitionCount, 0, header.Watermark);
                Join.Advance(Clocks.Watermarks(), _encoder);
            }
            """),
    ];
}
