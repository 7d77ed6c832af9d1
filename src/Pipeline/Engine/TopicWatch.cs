using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Asks for the ids of the source topics while a join runs: every few seconds, and at once when the consumer sees
/// something that a growing log never shows, such as an end that went back. The end of the log and the leader's epoch
/// are no proof by themselves: a topic that was created again may have more records than the old one, and begins with
/// the same epoch.
/// </summary>
/// <param name="sources">The topics as the journal knows them.</param>
/// <param name="missingMax">
/// How long a topic may not exist. A broker that has just started may not know of a topic yet.
/// </param>
/// <param name="describe">Asks the brokers.</param>
/// <param name="grown">Told of a topic with more partitions than it had, and both numbers.</param>
sealed class TopicWatch(
    SourceTopics sources,
    TimeSpan missingMax,
    Func<IReadOnlyCollection<string>, Task<IReadOnlyList<TopicInfo>>> describe,
    Action<string, int, int> grown)
{
    // How long the brokers may take to answer.
    const int AnswerMs = 5_000;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // While a topic is missing, or one may have been created again.
    static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(500);
    readonly Dictionary<string, TimeSpan> _missingSince = [];
    readonly Dictionary<string, int> _partitions = [];

    /// <summary>Watches with a client of its own.</summary>
    internal static async Task<Exception?> RunAsync(
        KafkaSettings kafka, SourceTopics sources, Action<string, int, int> grown, CancellationToken stopping)
    {
        using var admin = TopicAdmin.Create(kafka with { ConnectTimeoutMs = Math.Min(kafka.ConnectTimeoutMs, AnswerMs) });
        return await new TopicWatch(sources, TimeSpan.FromMilliseconds(kafka.ConnectTimeoutMs), admin.DescribeAsync, grown)
            .RunAsync(stopping);
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
            await Pause.ForAsync(ShortInterval, stopping);
            if (_missingSince.Count == 0)
                await Task.WhenAny(sources.NextSuspicion(), Pause.ForAsync(Interval - ShortInterval, stopping));
        }

        return null;
    }

    /// <summary>Compares an answer of the brokers with the topics as the journal knows them.</summary>
    /// <param name="infos">All the topics, as the brokers describe them.</param>
    /// <param name="now">The time of the answer, on any clock that does not go back.</param>
    /// <returns>Why the join cannot go on, or null.</returns>
    internal UserException? Refuse(IReadOnlyList<TopicInfo> infos, TimeSpan now)
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
            $"the source topic '{topic}' was deleted while the join ran: it has not been there for "
                + $"{missingMax.TotalSeconds:0.###} s (kafka.connect-timeout). All that was read of it is in the ")
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
            return Refuse(await describe(sources.Names), Stopwatch.GetElapsedTime(began));
        }
        catch (UserException)
        {
            // No broker answers. The consumer logs it and waits. A topic that was missing may be there when one answers
            // again.
            _missingSince.Clear();
            return null;
        }
    }
}
