namespace AkkaJoin.Shards.Metering;

/// <summary>
/// What a key group shows of itself. Written by its actor after each event, read by whoever collects metrics: numbers that are not of the same
/// moment do no harm.
/// </summary>
sealed class GroupGauge
{
    /// <summary>Whether the key group runs on this node; else the rest is old.</summary>
    internal bool Runs { get; set; }

    internal bool BacksOff { get; set; }

    internal long Records { get; set; }

    internal long Bytes { get; set; }

    internal long UnconfirmedBytes { get; set; }

    internal long LeftWatermark { get; set; }

    internal long RightWatermark { get; set; }
}
