using Akka.Event;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Warns once where the records are older than the output topic keeps rows: rows carry event times, so the broker
/// deletes them as soon as they are written.
/// </summary>
/// <param name="join">The join's name.</param>
/// <param name="topic">The topic of the rows.</param>
/// <param name="retentionMs">How long it keeps records, ms; -1 = for ever, null = not known.</param>
sealed class OutputRetention(string join, string topic, long? retentionMs)
{
    /// <summary>Never warns: rows do not carry event times.</summary>
    internal static OutputRetention None { get; } = new("", "", null);

    /// <summary>Whether it may still warn.</summary>
    internal bool IsOpen { get; private set; } = retentionMs is >= 0;

    /// <summary>Compares with the oldest watermark, ms since the epoch.</summary>
    internal void Look(long oldestMs, ILoggingAdapter log)
    {
        IsOpen = false;
        var ageMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - oldestMs;
        if (ageMs > retentionMs)
            EngineLog.RetentionIsShort(log, join, topic, retentionMs.Value, ageMs);
    }
}
