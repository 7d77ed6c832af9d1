using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Decodes the records of a chunk and appends each to the send buffer of its key group. In a self-join each record is
/// decoded twice, once for each side.
/// <para>
/// Example, with an id of its own for each record: offset 7 decodes, and goes to key group <c>hash(key) mod groups</c>.
/// Offset 8 is filtered: it goes nowhere, but its time counts for the watermark. Offset 9 does not decode: it becomes a
/// dead letter, and no batch that covers offset 9 is sent before the broker has it. So does a record whose time is not
/// taken (<see cref="EventTimeLimits"/>); it is judged here, by the join's clock, and never again.
/// </para>
/// <para>
/// Invariants. Each record of a chunk has one fate a side: routed, dead-lettered or filtered. The position never goes
/// back.
/// </para>
/// </summary>
sealed class RecordIntake(
    RouterSettings settings,
    Func<string, IReadOnlyList<RouteSide>> sidesOf,
    SendBuffers buffers,
    Acknowledgements acknowledgements,
    IRouterEffects effects)
{
    readonly DecodedRecord _decoded = new();
    readonly List<DeadLetter> _deadLetters = [];
    readonly Dictionary<Side, SideTally> _tallies = [];

    /// <summary>Partitions of a topic are read from now on: the fields of its records are counted.</summary>
    internal void CountFieldsOf(string topic)
    {
        foreach (var side in sidesOf(topic))
            _tallies[side.Side] = side.Tally;
    }

    /// <summary>Which of the configured fields were found in the records of a side since the start.</summary>
    internal SideCounts FieldsOf(Side side) => _tallies.TryGetValue(side, out var tally) ? tally.Counts() : SideCounts.None;

    /// <summary>Some time has passed: see <see cref="TimeJumps"/>.</summary>
    internal void TimePassed(IReadOnlyCollection<SourcePartition> partitions, long nowMs)
    {
        if (settings.Jumps is null)
            return;
        foreach (var partition in partitions)
            partition.TimePassed(settings.MaxOutOfOrdernessMs, nowMs, effects.ClockMs);
    }

    /// <summary>Decodes the next chunk of a partition.</summary>
    internal void Decode(SourcePartition partition, RecordChunk chunk, long nowMs)
    {
        var before = partition.Position;
        _deadLetters.Clear();
        _decoded.WritesFormat1 = settings.FormatVersion() < FormatVersions.Incarnations;
        foreach (var side in sidesOf(chunk.Topic))
            DecodeFor(partition, side, chunk, nowMs);
        partition.Reached(chunk, settings, nowMs, effects.ClockMs);
        Invariant.Holds(partition.Position >= before, "the position never goes back");
        if (_deadLetters.Count > 0)
        {
            partition.AwaitsDeadLetters = true;
            effects.WriteDeadLetters(partition, partition.Generation, [.. _deadLetters]);
        }

        acknowledgements.Advance(partition);
    }

    void DecodeFor(SourcePartition partition, RouteSide route, RecordChunk chunk, long nowMs)
    {
        var side = partition.Sides.Length == 1 ? partition.Sides[0] : partition.Sides.First(s => s.Id.Side == route.Side);
        var (routed, failed, filtered) = (0, 0, 0);
        var clockMs = effects.ClockMs;
        route.Tally.StartChunk(chunk, nowMs);
        for (var i = 0; i < chunk.Count; i++)
        {
            var isRouted = route.Decode(chunk, i, _decoded) && settings.Times.TryAllow(_decoded, clockMs);
            route.Tally.Count(chunk, i, isRouted, _decoded);
            if (isRouted)
            {
                routed++;
                See(side, chunk, i, nowMs);
                side.Routed(_decoded.Time);
                Route(partition, side, chunk, i, nowMs);
            }
            else if (_decoded.IsFiltered)
            {
                // Nothing of it goes to a key group, but its time has passed all the same: if it is one.
                filtered++;
                if (settings.Times.Allow(_decoded.Time, clockMs))
                    See(side, chunk, i, nowMs);
            }
            else
            {
                failed++;
                _deadLetters.Add(DeadLetter.Create(chunk, i, route.Side, _decoded.Reason, _decoded.Detail));
            }
        }

        Invariant.Holds(routed + failed + filtered == chunk.Count, "each record of a chunk has one fate");
        side.Fates += new SideFates(routed, failed, filtered);
    }

    void See(SidePartition side, RecordChunk chunk, int index, long nowMs)
    {
        ref var source = ref chunk.Records[index];
        side.Saw(_decoded.Time, source.Offset, source.TimestampMs, settings.MaxOutOfOrdernessMs, nowMs);
    }

    void Route(SourcePartition partition, SidePartition side, RecordChunk chunk, int index, long nowMs)
    {
        ref var source = ref chunk.Records[index];
        var record = RouteSide.Record(chunk, ref source, _decoded);
        buffers.Add(partition, side, GroupOf(record, settings.Groups), record, nowMs);
    }

    // Records without a key have no partner, so they may go anywhere; copies of one must meet, and none may crowd one
    // group.
    internal static int GroupOf(in NewRecord record, int groups)
    {
        var hash = record.KeyHash;
        if (record.KeyIsNull)
            hash = record.HasId ? KeyHash.Of(record.Id) : (ulong)record.Offset * 0x9E37_79B9_7F4A_7C15;
        return KeyHash.Group(hash, groups);
    }
}
