namespace AkkaJoin.Bench.Load;

/// <summary>How a load lies in event time.</summary>
/// <param name="EventsPerSecond">Records in a second of event time.</param>
/// <param name="DisorderMs">How far behind the newest a record may be, ms.</param>
/// <param name="IsNow">Whether the newest time is the wall clock's at the moment at which the record is made.</param>
sealed record LoadShape(int EventsPerSecond, int DisorderMs, bool IsNow = false)
{
    /// <summary>That of the performance table.</summary>
    internal static LoadShape TakeRate { get; } = new(LoadGenerator.EventsPerSecond, LoadGenerator.DisorderMs);

    /// <summary>The span of event time that so many records cover, ms.</summary>
    internal long SpanMs(int events) => events * 1_000L / EventsPerSecond;
}
