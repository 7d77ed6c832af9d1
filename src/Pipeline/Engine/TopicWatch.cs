using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Asks for the ids of the source topics while a join runs: every few seconds, and at once when the consumer sees what a log that only
/// grows does not show. The end of the log and the leader's epoch do not tell by themselves: a topic that was made again may have more
/// records than the old one, and begins with the same epoch.
/// </summary>
/// <param name="sources">The topics as the journal knows them.</param>
/// <param name="missingMax">How long a topic may not exist. A broker that has just started may not know of a topic yet.</param>
/// <param name="describe">Asks the brokers.</param>
/// <param name="grown">Told of a topic with more partitions than it had, and both numbers.</param>
sealed class TopicWatch(
    SourceTopics sources, TimeSpan missingMax, Func<IReadOnlyCollection<string>, Task<IReadOnlyList<TopicInfo>>> describe, Action<string, int, int> grown)
{
    // How long an answer of the brokers is waited for.
    const int AnswerMs = 5_000;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // While something is suspected or missing.
    static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(500);
    readonly Dictionary<string, TimeSpan> _missingSince = [];
    readonly Dictionary<string, int> _partitions = [];

    /// <summary>Watches with a client of its own.</summary>
    internal static async Task<Exception?> RunAsync(
        KafkaSettings kafka, SourceTopics sources, Action<string, int, int> grown, CancellationToken stopping)
    {
        using var admin = TopicAdmin.Create(kafka with { ConnectTimeoutMs = Math.Min(kafka.ConnectTimeoutMs, AnswerMs) });
        return await new TopicWatch(sources, TimeSpan.FromMilliseconds(kafka.ConnectTimeoutMs), admin.DescribeAsync, grown).RunAsync(stopping);
    }

    /// <summary>Looks until it is stopped, or until the join cannot go on.</summary>
    /// <returns>Why it cannot; null = it was stopped.</returns>
    internal async Task<Exception?> RunAsync(CancellationToken stopping)
    {
        var began = Stopwatch.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            if (await LookAsync(began) is { } reason)
                return reason;
            await WaitAsync(ShortInterval, stopping);
            if (_missingSince.Count == 0)
                await Task.WhenAny(sources.NextSuspicion(), WaitAsync(Interval - ShortInterval, stopping));
        }

        return null;
    }

    /// <summary>Judges an answer of the brokers.</summary>
    /// <param name="infos">What they say of all the topics.</param>
    /// <param name="now">When, on any clock that does not go back.</param>
    /// <returns>Why the join cannot go on, or null.</returns>
    internal UserException? Judge(IReadOnlyList<TopicInfo> infos, TimeSpan now)
    {
        try
        {
            sources.Check(infos);
        }
        catch (TopicMadeAgainException e)
        {
            return e;
        }

        foreach (var info in infos)
        {
            if (info.Exists)
                Found(info);
            else if (now - Since(info.Name, now) >= missingMax)
                return Missing(info.Name);
        }

        return null;
    }

    void Found(TopicInfo topic)
    {
        _missingSince.Remove(topic.Name);
        var before = _partitions.GetValueOrDefault(topic.Name, topic.Partitions);
        if (topic.Partitions > before)
            grown(topic.Name, before, topic.Partitions);
        _partitions[topic.Name] = Math.Max(before, topic.Partitions);
    }

    UserException Missing(string topic) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"the source topic '{topic}' was deleted while the join ran: it has not been there for {missingMax.TotalSeconds:0.###} s (kafka.connect-timeout). All that was read of it is in the ")
        + "journal. A topic made again under its name is another one: start anew with an empty journal and another group-id.",
        1);

    TimeSpan Since(string topic, TimeSpan now)
    {
        if (_missingSince.TryGetValue(topic, out var since))
            return since;
        _missingSince.Add(topic, now);
        return now;
    }

    async Task<UserException?> LookAsync(long began)
    {
        try
        {
            return Judge(await describe(sources.Names), Stopwatch.GetElapsedTime(began));
        }
        catch (UserException)
        {
            // No broker answers: the consumer says so, and waits. What was missing may be there when one does.
            _missingSince.Clear();
            return null;
        }
    }

    static Task WaitAsync(TimeSpan time, CancellationToken stopping) => Task.Delay(time, stopping).ContinueWith(static _ => { }, TaskScheduler.Default);
}
