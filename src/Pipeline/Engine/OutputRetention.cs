using Akka.Event;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Warns once where the output topic keeps less than the data's age: rows carry event times, and such a topic loses them as soon as they are written.
/// </summary>
/// <param name="join">The join's name.</param>
/// <param name="topic">The topic of the rows.</param>
/// <param name="retentionMs">What it keeps, ms; -1 = for ever, null = not known.</param>
sealed class OutputRetention(string join, string topic, long? retentionMs)
{
    /// <summary>Nothing to look at: rows do not carry event times.</summary>
    internal static OutputRetention None { get; } = new("", "", null);

    /// <summary>Whether there is something left to look at.</summary>
    internal bool IsOpen { get; private set; } = retentionMs is >= 0;

    /// <summary>Compares with the oldest watermark, ms since the epoch.</summary>
    internal void Look(long oldestMs, ILoggingAdapter log)
    {
        IsOpen = false;
        var ageMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - oldestMs;
        if (ageMs > retentionMs)
            PipelineLog.RetentionIsShort(log, join, topic, retentionMs.Value, ageMs);
    }
}
