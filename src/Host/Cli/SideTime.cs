using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Host.Cli;

/// <summary>Where the time of a side stands, or why it has none yet.</summary>
static class SideTime
{
    internal static string Text(Side side, JoinStatus status)
    {
        var name = side == Side.Left ? "left" : "right";
        var lowest = status.Groups.MinBy(g => side == Side.Left ? g.LeftWatermark : g.RightWatermark)!;
        var (watermark, holder) = side == Side.Left
            ? (lowest.LeftWatermark, lowest.LeftHolder)
            : (lowest.RightWatermark, lowest.RightHolder);
        var number = int.Parse(holder.AsSpan(holder.LastIndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture);
        return watermark > SideWatermarks.None
            ? $"{name} at {TimeText.Iso(watermark)}, held back by partition {number}"
            : $"{name} has no time yet: {Reason(side, number, status.Router)}";
    }

    /// <summary>Why a partition has given its side no time.</summary>
    internal static string Reason(Side side, int number, RouterStatus router)
    {
        var partition = router.Partitions.FirstOrDefault(p => p.Number == number && p.Watermarks.Any(w => w.Id.Side == side));
        if (partition is null)
            return $"none came from partition {number}, which this node does not read";
        var fates = side == Side.Left ? partition.Left : partition.Right;
        if (partition.Phase == PartitionPhase.Asking)
            return $"partition {number} is not read yet";
        if (fates.Consumed == 0)
            return $"partition {number} had no record" + (partition.BeganAt > 0 ? $" from offset {partition.BeganAt} on" : "");
        if (fates.DeadLettered == fates.Consumed)
            return $"partition {number}: {CountText.Of(fates.Consumed, "record")} read, all of them dead letters";
        if (fates.Filtered + fates.DeadLettered == fates.Consumed
            && partition.Watermarks.All(w => w.Id.Side != side || w.Watermark <= SideWatermarks.None))
        {
            return $"partition {number}: {CountText.Of(fates.Consumed, "record")} read, "
                + $"{CountText.Of(fates.DeadLettered, "dead letter")}, {CountText.Of(fates.Filtered, "filtered record")} without a time";
        }

        return $"partition {number}: {CountText.Of(fates.Consumed, "record")} read, none of them applied yet";
    }
}
