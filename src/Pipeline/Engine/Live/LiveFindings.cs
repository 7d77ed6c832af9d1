using AkkaJoin.Shards.Journal;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Engine.Live;

/// <summary>Gathers findings; what one check is refused for does not keep the next from being made.</summary>
sealed class LiveFindings
{
    readonly List<LiveFinding> _all = [];

    /// <summary>All of them, in the order in which they were found.</summary>
    internal IReadOnlyList<LiveFinding> All => _all;

    internal void Good(string join, string message) => _all.Add(new LiveFinding(LiveSeverity.Good, join, message, 0));

    internal void Warn(string join, string message) => _all.Add(new LiveFinding(LiveSeverity.Warning, join, message, 0));

    internal void Refuse(string join, string message, int exitCode = 1) =>
        _all.Add(new LiveFinding(LiveSeverity.Error, join, message, exitCode));

    /// <summary>Makes a check without a result, as the other.</summary>
    /// <returns>Whether it was made to its end.</returns>
    internal async Task<bool> TryAsync(string join, Func<Task> check) => await TryAsync(join, async () =>
    {
        await check();
        return this;
    }) is not null;

    /// <summary>Makes a check that a run makes too: what would end the run is an error.</summary>
    /// <returns>The check's result, or null where it was refused.</returns>
    internal async Task<T?> TryAsync<T>(string join, Func<Task<T>> check)
        where T : class
    {
        try
        {
            return await check();
        }
        catch (UserException e)
        {
            Refuse(join, e.Message, e.ExitCode);
        }
        catch (Exception e) when (e is JournalException or KafkaException)
        {
            Refuse(join, e.Message);
        }

        return null;
    }
}

/// <summary>One thing that a check against the running brokers and the journal has found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Join">The join that it is about; empty = all.</param>
/// <param name="Message">What, in a sentence.</param>
/// <param name="ExitCode">What a run would end with, where it is an error.</param>
sealed record LiveFinding(LiveSeverity Severity, string Join, string Message, int ExitCode);

/// <summary>How bad a finding is.</summary>
enum LiveSeverity
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>A run starts, and may come to grief.</summary>
    Warning,

    /// <summary>A run would be refused, or would stop.</summary>
    Error,
}
