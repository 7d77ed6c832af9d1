using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// What a node does every second while its join runs: it starts its share of the key groups, and looks after what may go wrong in silence. Key groups run
/// always, after every crash too: their resting rows and unconfirmed outputs wait for nobody's data.
/// </summary>
sealed class KeepAlive
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FieldsInterval = TimeSpan.FromSeconds(10);
    static readonly TimeSpan CoordinatorPatience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan HomePatience = TimeSpan.FromMilliseconds(10);

    long _lookedAtFields = Stopwatch.GetTimestamp();

    /// <summary>The join's name.</summary>
    internal required string Join { get; init; }

    /// <summary>How many key groups the join has.</summary>
    internal required int KeyGroups { get; init; }

    internal required Cluster Cluster { get; init; }

    internal required ClusterPeers Peers { get; init; }

    internal required IActorRef Region { get; init; }

    internal required CoordinatorWatch Coordinator { get; init; }

    internal required RecoveryOrder Order { get; init; }

    internal required MemoryWatch Memory { get; init; }

    internal required OutputRetention Retention { get; init; }

    internal required EventTimeWatch Times { get; init; }

    internal required RouterInbox Inbox { get; init; }

    internal required FieldWatch Fields { get; init; }

    /// <summary>Tells what was found of the configured fields.</summary>
    internal required Func<Task<InputCounts?>> Input { get; init; }

    /// <summary>Null where rows that may have been written are written again.</summary>
    internal required TailReader? Tail { get; init; }

    /// <summary>Told why the join has to end.</summary>
    internal required Action<Exception> Fatal { get; init; }

    internal required ILoggingAdapter Log { get; init; }

    /// <summary>Until it is stopped.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        await Coordinator.FirstAnswerAsync(CoordinatorPatience, stopping); // else the order of recovery is lost
        while (!stopping.IsCancellationRequested)
        {
            Peers.Refresh();
            WatchCoordinator();
            await StartGroupsAsync(stopping);
            Tail?.KeepFresh();
            await WarnOfTimesAsync();
            await WatchMemoryAsync();
            await WatchFieldsAsync();
            await WaitAsync(Interval, stopping);
        }
    }

    /// <summary>Warns where the output topic keeps less than the age of what is joined, and of event times that can hardly be meant.</summary>
    internal async Task WarnOfTimesAsync()
    {
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Times.Look(await NewestOutsideAsync(EventTimeWatch.OldMs, nowMs + EventTimeWatch.LimitMs), nowMs);
        if (Retention.IsOpen && await OldestWatermarkAsync() is { } oldest)
            Retention.Look(oldest, Log);
    }

    // The coordinator finds homes for several groups at once, in any order: one that has much to read is given the time to be first.
    async Task StartGroupsAsync(CancellationToken stopping)
    {
        var mayMove = await Order.LookAsync(Peers.Others);
        foreach (var group in Order.Sort(Peers.Share(KeyGroups)))
        {
            Region.Tell(new StartGroup(group));
            if (mayMove && Order.IsLong(group))
                await WaitAsync(HomePatience, stopping);
        }
    }

    // Downed, it hands nothing over and nothing in: the next oldest node starts a coordinator, and this one is started again.
    void WatchCoordinator()
    {
        Coordinator.Look();
        if (!Coordinator.IsLost)
            return;
        PipelineLog.CoordinatorIsLost(Log, Join, CoordinatorWatch.UnansweredMax);
        Cluster.Down(Cluster.SelfAddress);
    }

    async Task WatchMemoryAsync()
    {
        try
        {
            Memory.Look(await Inbox.Ask(r => r.BytesInFlight));
        }
        catch (InvalidOperationException)
        {
            return; // the join ends
        }

        if (Memory.DoesNotFit is { } reason)
            Fatal(reason);
    }

    async Task<IReadOnlyList<NewestRecord>> NewestOutsideAsync(long fromMs, long toMs)
    {
        try
        {
            return await Inbox.Ask(r => r.NewestOutside(fromMs, toMs));
        }
        catch (InvalidOperationException)
        {
            return []; // the join ends
        }
    }

    async Task WatchFieldsAsync()
    {
        if (Stopwatch.GetElapsedTime(_lookedAtFields) < FieldsInterval || await Input() is not { } input)
            return;
        _lookedAtFields = Stopwatch.GetTimestamp();
        foreach (var warning in Fields.Look(input))
            PipelineLog.FieldIsMissing(Log, Join, warning.Text);
    }

    async Task<long?> OldestWatermarkAsync()
    {
        try
        {
            var status = await Inbox.Ask(r => r.Status());
            return status.Partitions.SelectMany(p => p.Watermarks).Select(w => w.Watermark)
                .Where(w => w > Shards.Join.SideWatermarks.None).Select(w => (long?)w).Min();
        }
        catch (InvalidOperationException)
        {
            return null; // the join ends
        }
    }

    static Task WaitAsync(TimeSpan time, CancellationToken stopping) => Task.Delay(time, stopping).ContinueWith(static _ => { }, TaskScheduler.Default);
}
