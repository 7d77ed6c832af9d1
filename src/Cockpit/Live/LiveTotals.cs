using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// What happened on this node between two looks. What a key group has counted when it comes to this node happened
/// elsewhere, and only what it gains here counts.
/// </summary>
sealed class LiveTotals
{
    readonly Dictionary<int, (long Rows, SidePoint Left, SidePoint Right)> _groups = [];
    (long Left, long Right)? _read;

    /// <summary>What happened since the last look.</summary>
    /// <param name="router">The router; null = it does not run.</param>
    /// <param name="gauges">The key groups; null = they do not run.</param>
    internal SeriesPoint Look(RouterStatus? router, JoinGauges? gauges)
    {
        var point = new SeriesPoint(0);
        if (router is not null)
        {
            var (left, right) = (router.Left.Consumed, router.Right.Consumed);
            if (_read is { } before)
                point = point with { ReadLeft = Gain(left, before.Left), ReadRight = Gain(right, before.Right) };
            _read = (left, right);
        }

        if (gauges is null)
            return point;
        for (var group = 0; group < gauges.Groups.Length; group++)
        {
            var gauge = gauges.Groups[group];
            if (!gauge.Runs)
            {
                _groups.Remove(group);
                continue;
            }

            (long Rows, SidePoint Left, SidePoint Right) now = (gauge.Rows, Counts(gauge.Left), Counts(gauge.Right));
            if (_groups.TryGetValue(group, out var before))
                point += new SeriesPoint(0)
                {
                    Rows = Gain(now.Rows, before.Rows),
                    Left = Gain(now.Left, before.Left),
                    Right = Gain(now.Right, before.Right),
                };
            _groups[group] = now;
        }

        return point;
    }

    static SidePoint Counts(FateCounts counts) =>
        new(counts.Received, counts.Matched, counts.Unmatched, counts.Expired, counts.Late, counts.Duplicate);

    static SidePoint Gain(SidePoint now, SidePoint before) => new(
        Gain(now.Received, before.Received),
        Gain(now.Matched, before.Matched),
        Gain(now.Unmatched, before.Unmatched),
        Gain(now.Expired, before.Expired),
        Gain(now.Late, before.Late),
        Gain(now.Duplicates, before.Duplicates));

    // A new incarnation begins below what the one before it had; and a late record that is matched counts as late no
    // more.
    static long Gain(long now, long before) => Math.Max(0, now - before);
}
