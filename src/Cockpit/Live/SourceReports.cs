using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Cockpit.Live;

/// <summary>What a node reads of a join: the answer to the question <c>sources</c>.</summary>
/// <param name="Partitions">The partitions that it reads.</param>
/// <param name="LeftOfGone">What became of the lefts of partitions that it read and does not read any more.</param>
/// <param name="RightOfGone">The same of rights.</param>
/// <param name="LeftNullKeys">Lefts among all these without a key.</param>
/// <param name="RightNullKeys">Rights among all these without a key.</param>
sealed record NodeSources(
    IReadOnlyList<SourceReport> Partitions, FatesReport LeftOfGone, FatesReport RightOfGone, long LeftNullKeys, long RightNullKeys)
{
    /// <summary>Of a node that reads nothing.</summary>
    internal static NodeSources None { get; } = new([], FatesReport.None, FatesReport.None, 0, 0);

    /// <summary>Makes it of a router's status.</summary>
    /// <param name="router">The status.</param>
    /// <param name="sampler">Knows since when.</param>
    /// <param name="outOfOrdernessMs">How far watermarks stay below the newest event time, ms.</param>
    internal static NodeSources Of(RouterStatus router, JoinSampler sampler, long outOfOrdernessMs) => new(
        [.. router.Partitions.Select(p => Of(p, router.Memory, sampler, outOfOrdernessMs))],
        FatesReport.Of(router.LeftOfGone),
        FatesReport.Of(router.RightOfGone),
        router.Input.Left.NullKeys,
        router.Input.Right.NullKeys);

    static SourceReport Of(RouterStatus.Partition p, MemoryLevel memory, JoinSampler sampler, long outOfOrdernessMs) =>
        new(p.Topic, p.Number, p.Phase)
        {
            IsAtLogEnd = p.IsAtLogEnd,
            BeganAt = p.BeganAt,
            Position = p.Position,
            LogEnd = p.NewestLogEnd,
            AcknowledgedOffset = p.AcknowledgedOffset,
            CommittedOffset = p.CommittedOffset,
            Consumed = p.Consumed,
            HeardAtMs = p.HeardAtMs,
            IdleSinceMs = p.IdleSinceMs,
            IsFinished = p.IsFinished,
            PausedBy = p.PausedBy,
            PausedByMemory = p.PausedBy == PauseReason.InFlightBytes && memory != MemoryLevel.Normal,
            PausedSinceMs = sampler.PausedSince(p.Topic, p.Number),
            Sides =
            [
                .. p.Watermarks.Select(w => new SourceSideReport(w.Id.Side, FatesReport.Of(w.Id.Side == Side.Left ? p.Left : p.Right))
                {
                    WatermarkMs = w.Watermark > SideWatermarks.None ? w.Watermark : null,
                    NewestTimeMs = w.Watermark > SideWatermarks.None ? w.Watermark + outOfOrdernessMs : null,
                    WatermarkSinceMs = sampler.WatermarkSince(w.Id.Side, p.Number),
                }),
            ],
        };
}
