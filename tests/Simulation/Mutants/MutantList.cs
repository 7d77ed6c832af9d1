using AkkaJoin.Simulation.Load;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>
/// The planted bugs, each a mistake that somebody could make in earnest. Not among them, since nothing follows from them here: a recovery
/// without the check of the last number (one that was overtaken cannot write, by the fence, and says nothing untrue), one without
/// a chunk that is missing (whoever deleted it has written behind it, so there is a hole, or it was overtaken). Nor one that is met too
/// seldom: a router that awaits an answer for what is applied already (KeyGroupCursor).
/// </summary>
static class MutantList
{
    internal static IReadOnlyList<Mutant> All { get; } =
    [
        // Pause and rest.
        new(
            "move time while it rests",
            "Shards/Partitions/PartitionClocks.cs",
            "var allowed = hold.Limit(SideTally.Next(now, left, right, spanMs, caps));",
            "var allowed = (hold.IsAtRest ? TimeHold.None : hold).Limit(SideTally.Next(now, left, right, spanMs, caps));")
        {
            Leaning = Leaning.Rest,
        },
        new(
            "heed a claim while time rests",
            "Shards/Partitions/PartitionClocks.cs",
            "if (!TimeHold.IsAtRest && _clocks",
            "if (_clocks") { Leaning = Leaning.Rest },
        new(
            "choose the steps of a wake anew where an event is applied",
            "Shards/KeyGroups/AppliedState.cs",
            "            Clocks.Obey(hold);",
            "            Clocks.Obey(hold.IsWaking ? hold with { Left = SideWatermarks.NoLimit, Right = SideWatermarks.NoLimit } : hold);")
        {
            Leaning = Leaning.Rest,
        },
        new(
            "write after a recovery before it is known what is asked",
            "Shards/KeyGroups/KeyGroupShell.cs",
            "if (BacksOff || !_knowsOrder || _phase",
            "if (BacksOff || _phase") { Leaning = Leaning.Rest },
        new(
            "count silence from before a wake as idleness",
            "Shards/Partitions/PartitionClocks.cs",
            "ClockMs = Math.Max(clock.ClockMs, hold.ClockMs)",
            "ClockMs = clock.ClockMs") { Leaning = Leaning.Rest },
        new(
            "forget in the snapshot that time rests",
            "Shards/Snapshots/SnapshotCodec.cs",
            "clocks.Restore(TimeHoldCodec.Read(ref reader));",
            "TimeHoldCodec.Read(ref reader);") { Leaning = Leaning.Rest },
        new(
            "end the input while a join wakes",
            "Shards/KeyGroups/PendingEvent.cs",
            "_messages.Count == 0 && !isWaking ? _raise : null",
            "_messages.Count == 0 ? _raise : null") { Leaning = Leaning.Rest },

        // Idle partitions.
        new(
            "let a claim cover",
            "Shards/KeyGroups/AppliedState.cs",
            "                Clocks.Claim(tick, _timeRules);",
            "                Clocks.Raise(tick.Partition, tick.PartitionCount, tick.To, SideWatermarks.None);"),
        new(
            "count a claim below the applied offset",
            "Shards/Partitions/PartitionClock.cs",
            "claim.To != AppliedOffset",
            "claim.To > AppliedOffset"),
        new(
            "move an idle side one millisecond further than what waits needs",
            "Shards/Partitions/SideTally.cs",
            "Math.Max(Idle, Math.Min(Moved, cap))",
            "Math.Max(Idle, Math.Min(Moved, cap < NoCap ? cap + 1 : cap))"),
        new(
            "forget the clock of a watermark",
            "Shards/KeyGroups/AppliedState.cs",
            "tick.Watermark, tick.ClockMs);",
            "tick.Watermark, SideWatermarks.None);"),
        new(
            "let a partition that comes back put time back",
            "Shards/Partitions/PartitionClocks.cs",
            "var next = (Left: Math.Max(now.Left, allowed.Left), ",
            "var next = (Left: allowed.Left, "),
        new(
            "move an idle partition by the time-out too",
            "Shards/Partitions/PartitionClock.cs",
            "var since = claim.ClockMs - rules.TimeoutMs;",
            "var since = claim.ClockMs;"),
        new(
            "forget the sides' times in the snapshot",
            "Shards/Snapshots/SnapshotCodec.cs",
            "        if (hasClocks)\n            clocks.RestoreTimes(reader.Long(), reader.Long());\n        else\n            clocks",
            "        if (hasClocks)\n            (reader.Long(), reader.Long()).ToString();\n        clocks"),
        new(
            "claim that a partition is idle before the time-out",
            "Pipeline/Routing/IdleWatch.cs",
            "nowMs - side.SilentSinceMs >= settings.IdleTimeoutMs",
            "nowMs - side.SilentSinceMs >= settings.IdleTimeoutMs / 2"),
        new(
            "read the clock after the log's end",
            "Pipeline/Routing/IdleWatch.cs",
            "partition.Generation, Kind, clockMs)",
            "partition.Generation, Kind, effects.ClockMs)"),
        new(
            "claim that a partition is idle without a look at its log's end",
            "Pipeline/Routing/IdleWatch.cs",
            "(end == partition.Position || end == NoLog) && IsSilent",
            "IsSilent"),
        new(
            "count the time that the broker takes to answer as silence",
            "Pipeline/Routing/IdleWatch.cs",
            "_isAsking = false;\n",
            "(_isAsking, _askedMs) = (false, nowMs);\n") { Leaning = Leaning.Silence },

        // Coverage.
        new("skip the trim", "Shards/KeyGroups/AppliedState.cs", "if (record.Offset >= applied)", "if (record.Offset >= 0)"),
        new(
            "accept a gap",
            "Shards/KeyGroups/KeyGroupIntake.cs",
            "if (header.From > expected)",
            "if (header.From > expected + 100)"),
        new(
            "forget the applied offset in the snapshot",
            "Shards/Snapshots/SnapshotCodec.cs",
            "new PartitionClock(reader.Long(), reader.Long());",
            "new PartitionClock(Math.Min(0, reader.Long()), reader.Long());"),
        new(
            "tick above the acknowledged prefix",
            "Pipeline/Routing/SidePartition.cs",
            "Tick tick = new(Id, PartitionCount, beganAt, TickOffset,",
            "Tick tick = new(Id, PartitionCount, beganAt, Cursors.Max(c => c.NextFrom),"),
        new(
            "cover a dead letter that is not written",
            "Pipeline/Routing/SendBuffers.cs",
            "if (gathering.Owner.AwaitsDeadLetters || isFull)",
            "if (isFull)"),

        // A journal that is rolled back.
        new(
            "take a tick that begins one record above the applied offset",
            "Shards/KeyGroups/KeyGroupIntake.cs",
            "accepted < tick.From",
            "accepted + 1 < tick.From"),
        new(
            "begin at the committed offset where nobody knows any more where the join began",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            ": PartitionOrigins.Unknown;",
            ": offset;"),
        new(
            "speak on after the journal was found to have forgotten a partition",
            "Pipeline/Routing/RouterDriver.cs",
            "        _hasFailed = true;\n",
            "")
        {
            Leaning = Leaning.Rollback,
        },
        new(
            "take a tick whose event is lost",
            "Shards/KeyGroups/KeyGroupIntake.cs",
            "if (state.History.Holds(id, state.Sequence))",
            "if (state.History.Holds(id, state.Sequence) || id.Number > 0)"),
        new(
            "end the input though what that is based on is lost",
            "Shards/KeyGroups/KeyGroupIntake.cs",
            "if (!IsBasedOnLost(message.BasedOn, sender))\n",
            "")
        {
            Leaning = Leaning.Rollback | Leaning.Aftermath,
        },
        new(
            "take for committed what waited to be when a partition is read again",
            "Pipeline/Routing/PartitionLifecycle.cs",
            "partition.Committed = Math.Min(partition.Committed, offset);",
            "")
        {
            Leaning = Leaning.Rollback | Leaning.Aftermath,
        },
        new(
            "name no event where no tick is owed",
            "Pipeline/Routing/TickSender.cs",
            "ticks.Length > 0 || (again && ",
            "ticks.Length > 0 || (!again && again && ")
        {
            Leaning = Leaning.Rollback | Leaning.Aftermath,
        },
        new(
            "take any event of a number for the one that was acknowledged",
            "Shards/Journal/IncarnationHistory.cs",
            "_entries[i].Incarnation == id.Incarnation && _entries[i].First <= id.Number && id.Number <= newest",
            "id.Number <= newest"),
        new(
            "say of a partition what rests on a lost event while another begins anew",
            "Pipeline/Routing/Redelivery.cs",
            "            FellBack(partition, message.Group, applied, nowMs);\n",
            "        {\n            FellBack(partition, message.Group, applied, nowMs);\n            acknowledgements.SendTicks(nowMs, flush: false);\n        }\n"),
        new(
            "keep acknowledged what a group has lost",
            "Pipeline/Routing/Redelivery.cs",
            "else if (has < cursor.AcknowledgedOffset)",
            "else if (has < cursor.AcknowledgedOffset - 3)"),
        new(
            "name rows by the first incarnation",
            "Shards/KeyGroups/KeyGroup.cs",
            "        Own = _drawIncarnation();\n",
            "        Own = History.Last ?? _drawIncarnation();\n"),
        new(
            "let a batch say where an unknown partition begins",
            "Shards/KeyGroups/KeyGroupIntake.cs",
            "Math.Max(accepted, 0);",
            "accepted < 0 ? header.From : accepted;"),

        // Filters.
        new("make a filtered record a dead letter", "Pipeline/Routing/RecordIntake.cs", "else if (_decoded.IsFiltered)", "else if (_decoded.IsFiltered && nowMs < 0)"),
        new(
            "join a filtered record",
            "Pipeline/Routing/RecordIntake.cs",
            "var isRouted = route.Decode(chunk, i, _decoded) && settings",
            "var isRouted = (route.Decode(chunk, i, _decoded) || _decoded.IsFiltered) && settings"),

        // Times that are not taken.
        new(
            "let a refused record move time",
            "Pipeline/Routing/RecordIntake.cs",
            "                failed++;",
            "                failed++;\n                See(side, chunk, i, nowMs);"),
        new(
            "let a filtered record move time that would be refused",
            "Pipeline/Routing/RecordIntake.cs",
            "if (settings.Times.Allow(_decoded.Time, clockMs))",
            "if (settings.Groups > 0)"),
        new(
            "join a record of the far future",
            "Pipeline/Routing/RecordIntake.cs",
            " && settings.Times.TryAllow(_decoded, clockMs);",
            ";"),

        // Jumps of time.
        new(
            "have one second record bear a jump out",
            "Pipeline/Routing/TimeJumps.cs",
            "return _witnesses >= limit.WitnessesMin ? End() : null;",
            "return _witnesses >= 1 ? End() : null;") { Leaning = Leaning.Jumps },
        new(
            "keep a jump though a record lies far below it",
            "Pipeline/Routing/TimeJumps.cs",
            "_isWaiting && time < _jump - limit.MaxMs",
            "_isWaiting && nowMs < 0") { Leaning = Leaning.Jumps },
        new(
            "tell jumps by the highest time that any key group has",
            "Pipeline/Routing/SidePartition.cs",
            "time.HighestMs < lowest.HighestMs ||",
            "time.HighestMs > lowest.HighestMs ||") { Leaning = Leaning.Jumps },
        new(
            "close time no further than watermarks tell",
            "Shards/KeyGroups/PeerChecks.cs",
            "Math.Max(highest, group.HighestTime);",
            "highest;") { Leaning = Leaning.Jumps },

        // Confirmation, acknowledgement, commit.
        new(
            "confirm before the broker acknowledges",
            "Shards/KeyGroups/Confirmations.cs",
            "_outputs.First is { } first ? first.Value.Sequence - 1 : sequence;",
            "sequence;"),
        new(
            "acknowledge a batch before its event is confirmed",
            "Shards/KeyGroups/Confirmations.cs",
            "ack.Sequence <= confirmed",
            "ack.Sequence <= confirmed + 1"),
        new(
            "acknowledge what came twice before its event is confirmed",
            "Shards/KeyGroups/AnswerQueue.cs",
            "else if (state.Sequence <= LastConfirmed)",
            "else if (state.Sequence >= 0)"),
        new(
            "commit before the outputs are confirmed",
            "Pipeline/Routing/Acknowledgements.cs",
            "var offset = partition.AcknowledgedOffset();\n            if (partition.Phase != PartitionPhase.Reading",
            "var offset = partition.Position;\n            if (partition.Phase != PartitionPhase.Reading"),
        new(
            "commit of a self-join what one side alone has journaled",
            "Pipeline/Routing/SourcePartition.cs",
            "lowest = Math.Min(lowest, side.AcknowledgedOffset());",
            "lowest = lowest == long.MaxValue ? side.AcknowledgedOffset() : Math.Max(lowest, side.AcknowledgedOffset());"),
        new(
            "take each record of a self-join for the left side twice",
            "Pipeline/Routing/RecordIntake.cs",
            "partition.Sides.Length == 1 ? partition.Sides[0]",
            "partition.Sides.Length > 0 ? partition.Sides[0]"),
        new(
            "snapshot without the unconfirmed outputs",
            "Shards/KeyGroups/KeyGroup.cs",
            "Unconfirmed = _confirmations.Outputs,",
            "Unconfirmed = [],"),
        new("reuse an output id", "Shards/Outputs/OutputReader.cs", "Index++;", "Index = Math.Max(Index, 0);"),

        // Recovery.
        new(
            "recover without the check for holes",
            "Shards/KeyGroups/RecoveryRules.cs",
            "if (sequence != group.Sequence + 1)",
            "if (sequence < 0)"),
        new(
            "take a segment that another incarnation deleted for damage",
            "Shards/KeyGroups/RecoveryRules.cs",
            "LostSnapshot == lostBefore",
            "LostSnapshot >= lostBefore"),
        new("delete the segments of the newest snapshot", "Shards/KeyGroups/RecoveryRules.cs", "SegmentsDeletableBelow(long snapshot) => snapshot;", "SegmentsDeletableBelow(long snapshot) => snapshot + 1;"),
        new(
            "give the memory of a snapshot that is being written back",
            "Shards/Memory/SlabPool.cs",
            "slab.Holders++;",
            "slab.Holders += 0;"),
        new("delete the newest row of the journal", "Shards/KeyGroups/RecoveryRules.cs", "LastDeletable(long snapshot) => snapshot - 1;", "LastDeletable(long snapshot) => snapshot;"),
        new(
            "forget in the snapshot who was matched",
            "Shards/Snapshots/SnapshotSlab.cs",
            "_flags[_count++] = (byte)flags;",
            "_flags[_count++] = (byte)(flags & ~EntryFlags.Matched);"),

        // The shell.
        new(
            "delete the journal before the snapshot is durable",
            "Shards/KeyGroups/SnapshotCourse.cs",
            "effects.SaveManifest(message.Sequence, message.Manifest);",
            "effects.DeleteEvents(RecoveryRules.LastDeletable(message.Sequence));\n        effects.SaveManifest(message.Sequence, message.Manifest);"),
        new(
            "remember a confirmation beyond one that is missing",
            "Shards/KeyGroups/KeyGroupShell.cs",
            "_memory.LastConfirmed = _group.LastConfirmedEvent ?? _memory.LastConfirmed;",
            "_memory.LastConfirmed = _group.History.Find(m.Sequence);"),
        new(
            "close time before what waits",
            "Shards/KeyGroups/PendingEvent.cs",
            "_messages.Count == 0 && !isWaking ? _raise : null",
            "isWaking ? null : _raise")
        {
            Leaning = Leaning.EarlyClose,
        },
        new(
            "forget after a recovery to hand out what is unconfirmed",
            "Shards/KeyGroups/KeyGroupShell.cs",
            "        _sender.StartAfterRecovery();\n",
            "        _group.Recovered(_group.History.Find(_group.Sequence));\n"),

        // The consumer and the router's stage.
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
            "if (answer == ErrorCode.IllegalGeneration)\n        {")
        {
            Leaning = Leaning.CommitFailures,
        },
        new(
            "stop for what was deleted of a partition that another reads",
            "Pipeline/Kafka/Consuming/MissingOffsets.cs",
            "if (IsOwn(partition) || ",
            "if (!IsOwn(partition) || ")
        {
            Leaning = Leaning.Retention,
        },
        new(
            "forget the commits that failed",
            "Pipeline/Kafka/Consuming/OffsetCommitter.cs",
            "handover.RequeueCommits(_requested);",
            "handover.RequeueCommits([]);"),
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
            "Pipeline/Routing/RouterInbox.cs",
            "Result: >= 0 })",
            "Result: >= -1 })"),

        new(
            "begin with an added partition at its end",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "_settings.StartAtEarliest || _subscription.Sources.IsAdded(p.Topic, p.Partition.Value) ? start : end",
            "_settings.StartAtEarliest ? start : end"),
        new(
            "let an added partition put time back",
            "Shards/Partitions/PartitionClocks.cs",
            "number < partitionCount && watermark > SideWatermarks.None",
            "number < partitionCount && watermark > SideWatermarks.None && number < 0"),
        new(
            "skip what was deleted before it was read",
            "Pipeline/Kafka/Consuming/Assignment.cs",
            "CheckRange(p, committed[p], starts[p], ends[p]);",
            "((IDictionary<TopicPartition, long>)committed)[p] = committed[p] >= 0 ? Math.Max(committed[p], starts[p]) : committed[p];"),
        new(
            "hold the slowest partition back",
            "Pipeline/Routing/WatermarkAlignment.cs",
            "progress > AlignedWatermark(nowMs) + drift",
            "progress >= AlignedWatermark(nowMs) + drift"),
        new(
            "read a partition on that is ahead",
            "Pipeline/Routing/ReadGate.cs",
            ": alignment.IsAhead(partition, nowMs) ? PauseReason.Alignment : PauseReason.None;",
            ": PauseReason.None;"),
        new(
            "close one millisecond less than the last row needs",
            "Shards/Join/JoinState.cs",
            "right = lastLeft + Definition.AfterMs + 1;",
            "right = lastLeft + Definition.AfterMs;"),

        // What a peer says.
        new("take what a peer says of a topic that there is not", "Shards/KeyGroups/PeerChecks.cs", "is < 0 or >= TopicsOfSide)", "is < 0)"),
        new("take offsets up to the end of a number", "Shards/KeyGroups/PeerChecks.cs", "from > to || to >= OffsetMax)", "from > to)"),
        new("take a tick that begins behind its end", "Shards/KeyGroups/PeerChecks.cs", "from > to || to >= OffsetMax)", "to >= OffsetMax)"),
        new("take any watermark", "Shards/KeyGroups/PeerChecks.cs", "(>= WatermarkMin and <= TimeLimits.Max)", "(>= WatermarkMin and <= long.MaxValue)"),
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
            "Pipeline/Kafka/Producing/Deliveries.cs",
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
            "LeftClosedBefore = w.Right - after;",
            "LeftClosedBefore = w.Right - after + 1;"),
        new(
            "expire one millisecond early",
            "Shards/Join/JoinThresholds.cs",
            "RightClosedBefore = w.Left - before;",
            "RightClosedBefore = w.Left - before + 1;"),
        new(
            "forget ids one millisecond early",
            "Shards/Join/JoinThresholds.cs",
            "LeftForgottenBefore = Math.Min(LeftForgottenBefore, latesJoin ? h.Left - span : h.Left);",
            "LeftForgottenBefore = Math.Min(LeftForgottenBefore + 1, latesJoin ? h.Left - span + 1 : h.Left + 1);"),
        new(
            "give up a record one millisecond before its last late partner",
            "Shards/Join/PairJoin.cs",
            "Math.Max(earliest, others.JoinableFrom)",
            "Math.Max(earliest, others.JoinableFrom + 1)") { Leaning = Leaning.Repair },
        new(
            "repair for one millisecond less",
            "Shards/Join/JoinState.cs",
            "Math.Max(last, watermark - Definition.RepairForMs)",
            "Math.Max(last, watermark - Definition.RepairForMs + 1)") { Leaning = Leaning.Repair },
        new(
            "supersede a row twice",
            "Shards/Join/PairJoin.cs",
            "        side.Store.Rows.Drop(entry);",
            "") { Leaning = Leaning.Repair },
        new(
            "a left that is taken from a right stays in its row",
            "Shards/Join/AttributionRepair.cs",
            "        if (_lost.Add(right))",
            "        if (_lost.Contains(right))") { Leaning = Leaning.Repair },
        new(
            "an unmatched row twice",
            "Shards/Join/PairJoin.cs",
            "due.Flags |= EntryFlags.Done;",
            "due.Flags |= EntryFlags.None;"),
        new(
            "count a duplicate as received twice",
            "Shards/Join/JoinState.cs",
            "side.Ledger.Duplicate++;",
            "side.Ledger.Duplicate++;\n            side.Ledger.Received++;"),
        new("the watermark before the records of its event", "Shards/KeyGroups/AppliedState.cs", "            ApplyRecords(bytes, start);", """
            {
                RaiseTimeBy(BatchHeader.Read(bytes.AsSpan(start)));
                ApplyRecords(bytes, start);
            }

            void RaiseTimeBy(in BatchHeader header)
            {
                if (header.Watermark == BatchHeader.NoWatermark)
                    return;
                Clocks.Raise(header.PartitionId, header.PartitionCount, 0, header.Watermark);
                _join!.Advance(Clocks.Watermarks(), _encoder!);
            }
            """),
    ];
}
