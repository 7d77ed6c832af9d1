using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// The joins of this node, looked at every two seconds, and what other nodes may ask about them. The clock has the
/// phase of the wall clock as it was at the start, and never goes back.
/// </summary>
sealed class LiveJoins
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    static readonly long ClockMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - StopwatchMs();

    // Match rates move slowly: every thirtieth look, once a minute.
    const int LooksOfWatch = 30;

    readonly IReadOnlyList<LiveJoin> _joins;
    readonly ILoggingAdapter _log;

    /// <summary>Begins to look.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="joins">The joins of the node.</param>
    /// <param name="running">A join as it runs here; null = it does not.</param>
    /// <param name="stopping">The node stops.</param>
    internal LiveJoins(
        ActorSystem system, IReadOnlyList<JoinSettings> joins, Func<string, RunningJoin?> running, CancellationToken stopping)
    {
        _log = system.Log;
        _joins = [.. joins.Select(join => new LiveJoin(join, () => running(join.Name), _log))];
        _ = Task.Run(() => RunAsync(stopping), CancellationToken.None);
    }

    /// <summary>ms since the epoch; never goes back.</summary>
    internal static long NowMs => ClockMs + StopwatchMs();

    /// <summary>Adds the questions that other nodes may ask.</summary>
    internal void AddTo(NodeQuestionTable table)
    {
        table.Add<JoinQuestion, NodeSources>(JoinQuestion.Sources, (question, stopping) => Find(question.Join).SourcesAsync(stopping));
        table.Add<JoinQuestion, TimeFigures>(JoinQuestion.Times, (question, stopping) => Find(question.Join).TimesAsync(stopping));
        table.Add<JoinQuestion, NodeSeries>(
            JoinQuestion.Series,
            (question, _) => Task.FromResult(Find(question.Join).Series(NowMs - ((long)question.Minutes * 60_000))));
    }

    static long StopwatchMs() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);

    async Task RunAsync(CancellationToken stopping)
    {
        for (var look = 1; !stopping.IsCancellationRequested; look++)
        {
            try
            {
                foreach (var join in _joins)
                {
                    await join.LookAsync(NowMs, stopping);
                    if (look % LooksOfWatch == 0)
                        join.WatchMatchRates(NowMs);
                }
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                LiveLog.LookFailed(_log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Pause.ForAsync(Interval, stopping);
        }
    }

    LiveJoin Find(string name) => _joins.FirstOrDefault(join => join.Join.Name == name)
        ?? throw new CommandException($"this node runs no join '{name}'");
}

/// <summary>The arguments of the questions about a join.</summary>
/// <param name="Join">Its name.</param>
/// <param name="Minutes">How far back; for <see cref="Series"/>.</param>
sealed record JoinQuestion(string Join, int Minutes = 0)
{
    /// <summary>What the node reads of the join: <see cref="NodeSources"/>.</summary>
    internal const string Sources = "sources";

    /// <summary>What the node counted of the times of the join's records: <see cref="TimeFigures"/>.</summary>
    internal const string Times = "time-figures";

    /// <summary>The node reads what is asked of the join: <see cref="FlowHeard"/>.</summary>
    internal const string Flow = "flow";

    /// <summary>The node waits until nothing of the join is on its way: <see cref="FlowLetOut"/>.</summary>
    internal const string LetOut = "let-out";

    /// <summary>What the join did on the node: <see cref="NodeSeries"/>.</summary>
    internal const string Series = "series";
}
