using System.Collections.Concurrent;
using Akka.Actor;
using AkkaJoin.Cockpit.Explain;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Outputs;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Cockpit.Nodes;

/// <summary>What the commands of a node work on: its actor system, its settings and the joins that it runs.</summary>
sealed class CockpitNode : IDisposable
{
    readonly CancellationTokenSource _stopping = new();
    readonly ExplainDesk _searches;
    readonly SourceEnds _ends;
    readonly Func<IReadOnlyList<RunningJoin>> _running;
    readonly IJoinCatalog _catalog;
    readonly List<JoinReporter> _reporters;
    readonly IActorRef _actor;
    readonly List<ClusterJoin> _live;
    readonly ConcurrentDictionary<string, bool> _placed = new(); // joins of which every key group had a node once

    /// <summary>The node's commands answer from now on.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="settings">The settings of the node.</param>
    /// <param name="joins">The joins that the node is to run.</param>
    /// <param name="running">Those that run now; asked each time.</param>
    /// <param name="catalog">The journal's catalog.</param>
    internal CockpitNode(
        ActorSystem system,
        AkkaJoinSettings settings,
        IEnumerable<JoinSettings> joins,
        Func<IReadOnlyList<RunningJoin>> running,
        IJoinCatalog catalog)
    {
        System = system;
        Settings = settings;
        Joins = [.. joins];
        _running = running;
        _catalog = catalog;
        _searches = new ExplainDesk(settings.Admin.Explain);
        _ends = new SourceEnds(settings.Kafka);
        _reporters =
        [
            .. Joins.Select(join =>
                new JoinReporter(
                    join,
                    new JoinQuestions(system, join),
                    _ends,
                    () => InputAsync(join.Name),
                    () => OrderAsync(join.Name),
                    _stopping.Token)),
        ];
        Live = new LiveJoins(system, Joins, Running, _stopping.Token);
        var (answers, stopping) = (Answers(), _stopping.Token);
        _actor = system.ActorOf(Props.Create(() => new NodeActor(answers, stopping)), NodeActor.ActorName);
        Nodes = new NodeAsker(system, _actor, answers);
        _live =
        [
            .. Joins.Zip(
                _reporters,
                (join, reporter) =>
                    new ClusterJoin(
                        join,
                        reporter,
                        new JoinQuestions(system, join),
                        Nodes,
                        _ends,
                        () => OrderAsync(join.Name),
                        new SettingsWarnings(join, settings.Kafka, _ends),
                        stopping)
                    {
                        Runs = () => Running(join.Name)?.Definition,
                    }),
        ];
    }

    /// <summary>The actor system.</summary>
    internal ActorSystem System { get; }

    /// <summary>The settings of the node.</summary>
    internal AkkaJoinSettings Settings { get; }

    /// <summary>The joins that the node is to run.</summary>
    internal IReadOnlyList<JoinSettings> Joins { get; }

    /// <summary>The joins as they were in the last hour, and what they read.</summary>
    internal LiveJoins Live { get; }

    /// <summary>Asks the nodes of the cluster.</summary>
    internal NodeAsker Nodes { get; }

    /// <summary>Cancelled when the node stops.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>The join of a name.</summary>
    /// <param name="name">The name; null = the only join.</param>
    /// <exception cref="CommandException">There is none, or there are several and none is named.</exception>
    internal JoinSettings Join(string? name)
    {
        if (name is null && Joins.Count == 1)
            return Joins[0];
        if (Joins.FirstOrDefault(join => join.Name == name) is { } found)
            return found;
        var problem = name is null ? "the name of a join is missing" : $"this node runs no join '{name}'";
        throw new CommandException($"{problem}; joins are {string.Join(", ", Joins.Select(join => join.Name))}");
    }

    /// <summary>The join of a name, over all nodes.</summary>
    /// <inheritdoc cref="Join"/>
    internal ClusterJoin Everywhere(string? name) => _live.First(join => join.Join == Join(name));

    /// <summary>Every join of this node, over all nodes.</summary>
    internal IReadOnlyList<ClusterJoin> AllEverywhere => _live;

    /// <summary>The join as it runs on this node; null = it does not, or not yet.</summary>
    internal RunningJoin? Running(string join) => _running().FirstOrDefault(found => found.Name == join);

    /// <summary>
    /// Why a join cannot start or go on, where an application runs it; null = nothing is known against it.
    /// </summary>
    internal Func<string, Exception?> FailureOf { get; init; } = static _ => null;

    /// <summary>The join and its key groups, on all nodes.</summary>
    internal Task<JoinReport> ReportAsync(string join) => _reporters.First(reporter => reporter.Name == join).ReportAsync();

    /// <summary>The members, and all joins of this node.</summary>
    internal async Task<ClusterReport> ClusterAsync()
    {
        var joins = await Task.WhenAll(_reporters.Select(reporter => reporter.ReportAsync()));
        return new ClusterReport(MemberReports.Of(System), joins);
    }

    /// <summary>How long a node may take to let out what is on its way.</summary>
    internal static TimeSpan LetOutTimeout(JoinSettings join) =>
        TimeSpan.FromMilliseconds(join.Flow.DrainTimeoutMs) + NodeAsker.Timeout;

    /// <summary>What is asked of a join, as the journal has it.</summary>
    internal FlowOrderStore Orders(string join) => new(_catalog, join);

    /// <summary>What is asked of a join: as this node knows it, or else as the journal has it.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    internal async Task<FlowOrder> OrderAsync(string join) =>
        Running(join)?.Orders?.Current ?? await Task.Run(() => Orders(join).Read());

    /// <summary>The join's clock, ms since the epoch.</summary>
    internal long NowMs(string join) => Running(join)?.Orders?.NowMs ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Why two records of a join joined or did not.</summary>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or too many are asked at once.</exception>
    internal Task<Explanation> ExplainAsync(JoinSettings join, ExplainRequest request, CancellationToken stopping)
    {
        var sources = (CancellationToken token) =>
            Nodes.AskAllAsync<NodeSources>(JoinQuestion.Sources, new JoinQuestion(join.Name), token);
        var live = new LiveState(join, new JoinQuestions(System, join), sources, Running(join.Name));
        return _searches.ExplainAsync(Settings.Kafka, join, live, request, stopping);
    }

    /// <summary>The newest late records or dead letters of a join.</summary>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or too many are asked at once.</exception>
    internal Task<CopiesReport> CopiesAsync(JoinSettings join, CopiesRequest request, CancellationToken stopping) =>
        _searches.RunAsync(() => new CopyReader(Settings.Kafka, join, Settings.Admin.Explain).ReadAsync(request, stopping));

    /// <summary>The last rows of a key; what keeps them from being read is part of the report.</summary>
    internal async Task<KeyRowsReport> RowsAsync(JoinSettings join, byte[] key, int count, bool withValues, CancellationToken stopping)
    {
        try
        {
            return await _searches.RunAsync(
                () => new RowReader(Settings.Kafka, join, Settings.Admin.Explain).ReadAsync(key, count, withValues, stopping));
        }
        catch (UserException e)
        {
            return new KeyRowsReport(join.Output.Topic, [], Read: null, e.Message);
        }
    }

    /// <summary>Reads something small from the journal; done when it has answered.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    internal Task AskJournalAsync() => Task.Run(() => _catalog.GetAtOnce(Joins[0].Name, "health"));

    /// <summary>Whether the broker answers.</summary>
    internal async Task<bool> BrokerAnswersAsync() => await _ends.AskAsync(TopicsOf(Joins[0])) is not null;

    /// <summary>The key groups of a join that live on this node and do not answer.</summary>
    internal Task<IReadOnlyList<int>> SilentKeyGroupsAsync(string join) =>
        new JoinQuestions(System, Join(join)).SilentHereAsync(Stopping);

    /// <summary>
    /// How many key groups of a join that runs here are on no node yet. Once all were placed it is 0: a node that dies
    /// later makes the others no less ready.
    /// </summary>
    internal async Task<int> UnplacedKeyGroupsAsync(string join)
    {
        if (_placed.ContainsKey(join) || Running(join) is null)
            return 0;
        var unplaced = await new JoinQuestions(System, Join(join)).UnplacedAsync(Stopping);
        if (unplaced == 0)
            _placed.TryAdd(join, true);
        return unplaced;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        System.Stop(_actor);
        _ends.Dispose();
    }

    // What other nodes may ask this one. Add a question here.
    NodeQuestionTable Answers()
    {
        var table = new NodeQuestionTable();
        Live.AddTo(table);
        table.Add<JoinQuestion, FlowHeard>(JoinQuestion.Flow, (question, stopping) => HearAsync(question.Join, stopping));
        table.Add<JoinQuestion, FlowLetOut>(
            JoinQuestion.LetOut,
            async (question, stopping) =>
                new FlowLetOut(NotFailed(Join(question.Join).Name) is not { } running || await running.LetOutAsync(stopping)),
            Joins.Select(LetOutTimeout).Max());
        return table;
    }

    async Task<FlowHeard> HearAsync(string join, CancellationToken stopping) =>
        new(NotFailed(Join(join).Name)?.Orders is { } orders ? (await Task.Run(orders.Read, stopping)).Number : -1);

    // A join that has failed does nothing that is asked of it, and nobody knows what of it is out.
    RunningJoin? NotFailed(string join)
    {
        var running = Running(join);
        return (FailureOf(join) ?? running?.Completion.Exception?.GetBaseException()) is { } failure
            ? throw new UserException($"join '{join}' has failed here: {failure.Message}", 1)
            : running;
    }

    // Those that are there while the join runs. The reports ask for the same, and so share the answer.
    static string[] TopicsOf(JoinSettings join) => (join.Left.IsFromSource, join.Right.IsFromSource) switch
    {
        (false, false) => [join.Left.Topic, join.Right.Topic],
        (false, true) => [join.Left.Topic],
        (true, false) => [join.Right.Topic],
        _ => [join.Output.DeadLetterTopic],
    };

    async Task<InputCounts?> InputAsync(string join) => Running(join) is { } running ? await running.InputAsync() : null;
}
