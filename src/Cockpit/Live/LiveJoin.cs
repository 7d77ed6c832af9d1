using Akka.Event;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Live;

/// <summary>A join on this node, as it was and as it is.</summary>
/// <param name="join">The join.</param>
/// <param name="running">The join as it runs here; null = it does not.</param>
/// <param name="log">Takes warnings.</param>
sealed class LiveJoin(JoinSettings join, Func<RunningJoin?> running, ILoggingAdapter log)
{
    // A router that is busy for so long keeps nobody waiting.
    static readonly TimeSpan RouterTimeout = TimeSpan.FromSeconds(1);

    readonly JoinSampler _sampler = new(join.Type == JoinType.Attribution);
    readonly LagSampler _lags = new();
    bool _leftIsLow;
    bool _rightIsLow;

    /// <summary>Its settings.</summary>
    internal JoinSettings Join => join;

    /// <summary>Looks at it.</summary>
    internal async Task LookAsync(long nowMs, CancellationToken stopping)
    {
        var found = running();
        var router = found is null ? null : await RouterAsync(found, stopping);
        _sampler.Look(nowMs, router, found?.Gauges);
        _lags.Look(nowMs, found?.Gauges);
    }

    /// <summary>Compares the match rates of both sides with those of the hour before.</summary>
    internal void WatchMatchRates(long nowMs)
    {
        var points = _sampler.Series(0).Points;
        _leftIsLow = Watch(Side.Left, _leftIsLow);
        _rightIsLow = Watch(Side.Right, _rightIsLow);

        bool Watch(Side side, bool wasLow)
        {
            var rate = MatchRates.Of(points, side, nowMs);
            LiveMetrics.Show(join.Name, side, rate.Now);
            var isLow = MatchRates.IsLow(rate, wasLow);
            if (isLow && !wasLow)
                LiveLog.MatchRateFell(log, join.Name, side, join.Source(side).Topic, rate);
            return isLow;
        }
    }

    /// <summary>What this node reads of it.</summary>
    internal async Task<NodeSources> SourcesAsync(CancellationToken stopping) =>
        running() is { } found && await RouterAsync(found, stopping) is { } router
            ? NodeSources.Of(router, _sampler, join.MaxOutOfOrdernessMs)
            : NodeSources.None;

    /// <summary>What this node counted of the times of its records.</summary>
    internal async Task<TimeFigures> TimesAsync(CancellationToken stopping)
    {
        var found = running();
        var router = found is null ? null : await RouterAsync(found, stopping);
        return NodeTimes.Of(router, found?.Gauges, _lags);
    }

    /// <summary>What it did on this node from a time on.</summary>
    internal NodeSeries Series(long fromMs) => _sampler.Series(fromMs);

    static async Task<Pipeline.Routing.RouterStatus?> RouterAsync(RunningJoin found, CancellationToken stopping)
    {
        try
        {
            return await found.RouterAsync().WaitAsync(RouterTimeout, stopping);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
