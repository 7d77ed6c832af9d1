using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The lowest watermarks at which something is so; <see cref="SideWatermarks.None"/> for a side that it does not depend
/// on. It is <see cref="JoinThresholds"/> from the view of one record.
/// </summary>
/// <param name="Left">The left watermark, ms since the epoch.</param>
/// <param name="Right">The right watermark, ms since the epoch.</param>
readonly record struct WatermarkNeed(long Left, long Right)
{
    /// <summary>Whether it is so at these watermarks.</summary>
    internal bool IsMet(in SideWatermarks now) => now.Left >= Left && now.Right >= Right;

    /// <summary>When the window of a record closes.</summary>
    /// <param name="join">The join.</param>
    /// <param name="side">The record's side.</param>
    /// <param name="time">Its event time, ms since the epoch.</param>
    internal static WatermarkNeed ToClose(JoinDefinition join, Side side, long time)
    {
        if (side == Side.Left)
            return new(SideWatermarks.None, time + join.AfterMs + 1);
        var awaitsRights = join is { Type: JoinType.Attribution, Credit: Credit.First };
        return new(time + join.BeforeMs + 1, awaitsRights ? time + 1 : SideWatermarks.None);
    }

    /// <summary>The watermarks at which the horizon of a join is here (<see cref="JoinState.Horizon"/>).</summary>
    internal WatermarkNeed AsWatermarks(JoinDefinition join) => new(
        Left == SideWatermarks.None ? Left : Left + join.RepairForMs,
        Right == SideWatermarks.None ? Right : Right + join.RepairForMs);

    /// <summary>To where the horizon must be for a record to be forgotten, its id included.</summary>
    /// <inheritdoc cref="ToClose"/>
    internal static WatermarkNeed ToForget(JoinDefinition join, Side side, long time)
    {
        var need = ToClose(join, side, time);
        var isAttribution = join.Type == JoinType.Attribution;
        var latesJoin = join.Late == LatePolicy.Join;
        var span = Math.Max(0, join.BeforeMs + join.AfterMs);
        var ownId = time + (latesJoin ? span : 0) + 1;
        if (side == Side.Left)
        {
            var left = isAttribution ? time + span + 1 : SideWatermarks.None;
            return need with { Left = Math.Max(left, join.Left.Deduplicates ? ownId : SideWatermarks.None) };
        }

        if (!join.Right.Deduplicates)
            return need;
        var taken = latesJoin && isAttribution ? time + (2 * join.BeforeMs) + join.AfterMs + 1 : SideWatermarks.None;
        return new(Math.Max(need.Left, taken), Math.Max(need.Right, ownId));
    }
}
