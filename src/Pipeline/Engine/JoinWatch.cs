using System.Diagnostics;
using Akka.Cluster;
using Akka.Event;
using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// What a node does every second while its join runs: it starts the key groups, and watches for failures that nothing
/// else would report.
/// </summary>
sealed class JoinWatch
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FieldsInterval = TimeSpan.FromSeconds(10);

    long _lookedAtFields = Stopwatch.GetTimestamp();

    /// <summary>The join's name.</summary>
    internal required string Join { get; init; }

    /// <summary>The join's log.</summary>
    internal required ILoggingAdapter Log { get; init; }

    /// <summary>Starts the key groups.</summary>
    internal required KeyGroupStarter Starter { get; init; }

    /// <summary>The cluster; left where the coordinator is lost.</summary>
    internal required Cluster Cluster { get; init; }

    /// <summary>The memory budget.</summary>
    internal required MemoryWatch Memory { get; init; }

    /// <summary>What the output topic keeps.</summary>
    internal required OutputRetention Retention { get; init; }

    /// <summary>Event times that can hardly be meant.</summary>
    internal required EventTimeWatch Times { get; init; }

    /// <summary>The join's clock.</summary>
    internal required JoinClock Clock { get; init; }

    /// <summary>Asks the router.</summary>
    internal required RouterInbox Inbox { get; init; }

    /// <summary>Configured fields that the records lack.</summary>
    internal required FieldWatch Fields { get; init; }

    /// <summary>What is asked of the join.</summary>
    internal required OrderReminder Reminder { get; init; }

    /// <summary>
    /// Members that do not know what the join does at silent partitions; null where it does nothing.
    /// </summary>
    internal required IdleReminder? OlderMembers { get; init; }

    /// <summary>Null where rows that may have been written are written again.</summary>
    internal required TailReader? Tail { get; init; }

    /// <summary>
    /// What waits for the reader in the application, by the machine's time since its start, ms; null where rows go to
    /// Kafka.
    /// </summary>
    internal required Func<long, UnreadRows>? Unread { get; init; }

    /// <summary>Told why the join has to end.</summary>
    internal required Action<Exception> Fail { get; init; }

    /// <summary>Runs until it is stopped.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var reader = Unread is null ? null : new ReaderReminder(Unread, rows => EngineLog.RowsWait(Log, Join, rows));
        await Starter.WaitForCoordinatorAsync(stopping);
        while (!stopping.IsCancellationRequested)
        {
            await Starter.StartAsync(stopping);
            LeaveWithoutCoordinator();
            Tail?.KeepFresh();
            Reminder.Look(Environment.TickCount64);
            OlderMembers?.Look();
            reader?.Look(Environment.TickCount64);
            await WarnOfTimesAsync();
            await WatchMemoryAsync();
            await WatchFieldsAsync();
            await Pause.ForAsync(Interval, stopping);
        }
    }

    /// <summary>
    /// Warns where the records are older than the output topic keeps rows, of event times that can hardly be meant, and
    /// of jumps.
    /// </summary>
    internal async Task WarnOfTimesAsync()
    {
        var nowMs = Clock.NowMs;
        if (await AskAsync(r => r.NewestOutside(EventTimeWatch.OldMs, nowMs + EventTimeWatch.LimitMs)) is { } newest)
            Times.Look(newest, nowMs);
        if (await AskAsync(r => r.Jumped()) is { } jumped)
            Times.Look(jumped);
        if (Retention.IsOpen && await OldestWatermarkAsync() is { } oldest)
            Retention.Look(oldest, Log);
    }

    // A node that is downed hands nothing over: the next oldest node starts a coordinator, and this one is started
    // again.
    void LeaveWithoutCoordinator()
    {
        if (!Starter.IsCoordinatorLost)
            return;
        EngineLog.CoordinatorIsLost(Log, Join, CoordinatorWatch.UnansweredMax);
        Cluster.Down(Cluster.SelfAddress);
    }

    async Task WatchMemoryAsync()
    {
        if (await AskAsync(r => (long?)r.BytesInFlight) is not { } inFlight)
            return;
        Memory.Look(inFlight);
        if (Memory.DoesNotFit is { } reason)
            Fail(reason);
    }

    async Task WatchFieldsAsync()
    {
        if (Stopwatch.GetElapsedTime(_lookedAtFields) < FieldsInterval || await AskAsync(r => r.Input()) is not { } input)
            return;
        _lookedAtFields = Stopwatch.GetTimestamp();
        foreach (var warning in Fields.Look(input))
            EngineLog.FieldIsMissing(Log, Join, warning.Text);
    }

    async Task<long?> OldestWatermarkAsync() => (await AskAsync(r => r.Status()))?.Partitions
        .SelectMany(p => p.Watermarks).Select(w => w.Watermark).Where(w => w > SideWatermarks.None).Select(w => (long?)w).Min();

    // Null where the join ends: the router answers no more.
    async Task<T?> AskAsync<T>(Func<Router, T> question)
    {
        try
        {
            return await Inbox.Ask(question);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}
