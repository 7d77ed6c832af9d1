namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.flow</c>, or the <c>flow</c> of one join over it.</summary>
static class FlowSettingsReader
{
    const int KiB = 1024;
    const int MiB = 1024 * KiB;
    const int GiB = 1024 * MiB;
    const int Minute = 60_000;

    public static FlowSettings Read(Section section)
    {
        var linger = ReadLinger(section);
        var flow = new FlowSettings
        {
            LingerMs = linger.Ms,
            IsLingerAdaptive = linger.IsAdaptive,
            BatchBytesMax = section.Bytes("batch-bytes-max", 4 * KiB, 16 * MiB),
            PartitionInFlightBytesMax = section.Bytes("partition-in-flight-bytes-max", 4 * KiB, GiB),
            GroupInFlightMax = section.Number("group-in-flight-max", 1, 1_000),
            ResendAfterMs = (int)section.Duration("resend-after", 100, 10 * Minute),
            TickIntervalMs = (int)section.Duration("tick-interval", 10, Minute),
            CommitIntervalMs = (int)section.Duration("commit-interval", 10, 10 * Minute),
            UnconfirmedBytesMax = section.Bytes("unconfirmed-bytes-max", 64 * KiB, GiB),
            PendingBytesMax = section.Bytes("pending-bytes-max", 4 * KiB, GiB),
            EventBytesMax = section.Bytes("event-bytes-max", 4 * KiB, 256 * MiB),
            DeadLettersInFlightMax = section.Number("dead-letters-in-flight-max", 1, 1_000_000),
            DrainTimeoutMs = (int)section.Duration("drain-timeout", 100, 60 * Minute),
            HandOverTimeoutMs = (int)section.Duration("hand-over-timeout", 100, 50_000), // sharding's own limit is a minute
            TailWaitMs = (int)section.Duration("tail-wait", 0, Minute),
            SnapshotBytesMin = section.Bytes("snapshot-bytes-min", KiB, GiB),
            WakeRowsMax = section.Number("wake-rows-max", 1, 1_000_000),
        };
        HoldsABatch(section, "partition-in-flight-bytes-max", flow.PartitionInFlightBytesMax, flow);
        HoldsABatch(section, "pending-bytes-max", flow.PendingBytesMax, flow);
        return flow;
    }

    static (int Ms, bool IsAdaptive) ReadLinger(Section section)
    {
        var text = section.Text("linger");
        if (text == "adaptive")
            return (FlowSettings.AdaptiveLingerMs, true);
        if (text is null || Durations.TryParse(text, out _))
            return ((int)section.Duration("linger", 0, 10_000), false);
        section.RefuseValue("linger", "must be adaptive or a duration such as 20 ms", text);
        return (FlowSettings.AdaptiveLingerMs, true);
    }

    /// <summary>A limit below one batch would stop the flow for ever.</summary>
    static void HoldsABatch(Section section, string key, int bytes, FlowSettings flow)
    {
        if (section.IsRefused(key) || section.IsRefused("batch-bytes-max")) return;
        if (bytes < flow.BatchBytesMax)
            section.Refuse(key, $"must not be below batch-bytes-max, {Sizes.Show(flow.BatchBytesMax)}; it is {Sizes.Show(bytes)}");
    }
}
