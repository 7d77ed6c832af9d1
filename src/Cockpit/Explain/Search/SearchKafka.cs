using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>The brokers for whoever waits for an answer.</summary>
static class SearchKafka
{
    const int ConnectTimeoutMs = 5_000;

    /// <summary>They have 5 s to answer, or less where the configuration says less.</summary>
    internal static KafkaSettings Of(KafkaSettings kafka) =>
        kafka with { ConnectTimeoutMs = Math.Min(kafka.ConnectTimeoutMs, ConnectTimeoutMs) };
}
