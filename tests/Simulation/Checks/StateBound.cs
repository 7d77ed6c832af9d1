using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Simulation.Load;

namespace AkkaJoin.Simulation.Checks;

/// <summary>
/// The bound on state: of each side no more records are held than came with times that docs/semantics.md says are still needed, but for
/// the width of a bucket.
/// </summary>
sealed class StateBound(Scenario scenario)
{
    readonly List<long>[] _times = [[], []];
    readonly long _bucketMs = Math.Max(100, Math.Max(0, scenario.Definition.BeforeMs + scenario.Definition.AfterMs) / 64);

    internal void Add(byte[] bytes, int[] starts)
    {
        foreach (var start in starts)
        {
            var header = BatchHeader.Read(bytes.AsSpan(start));
            var position = start + BatchHeader.Size;
            for (var i = 0; i < header.Count; i++)
            {
                var record = RecordView.Read(bytes, position, header);
                _times[(int)header.Side].Add(record.Time);
                position = record.Next;
            }
        }
    }

    internal bool Holds(KeyGroup group, out string excess)
    {
        excess = "";
        foreach (var side in new[] { Side.Left, Side.Right })
        {
            var from = NeededFrom(side, group.Clocks.Watermarks()) - _bucketMs;
            var needed = _times[(int)side].Count(t => t >= from);
            var held = group.State!.Store(side).Count;
            if (held > needed)
                excess = $"the {side} side holds {held} records, of which at most {needed} can be needed";
        }

        return excess.Length == 0;
    }

    // A left is needed until W_right > time + after; its id until W_left > time, and where late ones join until W_left > time + before + after.
    // Where rows are repaired, all of it for repair-for longer.
    long NeededFrom(Side side, Shards.Join.SideWatermarks w)
    {
        var d = scenario.Definition;
        var span = Math.Max(0, d.BeforeMs + d.AfterMs);
        var isAttribution = d.Type == JoinType.Attribution;
        var (own, other) = side == Side.Left ? (w.Left, w.Right) : (w.Right, w.Left);
        (own, other) = (own - d.RepairForMs, other - d.RepairForMs);
        var from = other - (side == Side.Left ? d.AfterMs : d.BeforeMs);
        if (isAttribution)
            from = Math.Min(from, own - (side == Side.Left ? span : 0));
        if (d.Source(side).Deduplicates)
            from = Math.Min(from, own - (d.Late == LatePolicy.Join ? span : 0));
        if (d.Source(side).Deduplicates && d.Late == LatePolicy.Join && isAttribution && side == Side.Right)
            from = Math.Min(from, w.Left - (2 * d.BeforeMs) - d.AfterMs);
        return from;
    }
}
