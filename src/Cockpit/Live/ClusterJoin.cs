using AkkaJoin.Cockpit.Advice;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Live;

/// <summary>A join over all nodes: what commands tell of it.</summary>
sealed class ClusterJoin
{
    // 70 minutes: the last ten and the hour before.
    const int SeriesMinutes = 71;

    readonly JoinReporter _reporter;
    readonly JoinQuestions _questions;
    readonly NodeAsker _nodes;
    readonly SourceEnds _ends;
    readonly Func<Task<FlowOrder>> _order;
    readonly SettingsWarnings _warnings;
    readonly SharedAnswer<IReadOnlyList<NodeReply<NodeSources>>> _sources;
    readonly SharedAnswer<SeriesReport> _series;

    /// <param name="join">The join.</param>
    /// <param name="reporter">Asks its key groups.</param>
    /// <param name="questions">Asks one key group.</param>
    /// <param name="nodes">Asks the nodes.</param>
    /// <param name="ends">Where the source partitions end.</param>
    /// <param name="order">Tells what is asked of it.</param>
    /// <param name="warnings">Warns of settings that cannot work together.</param>
    /// <param name="stopping">The node stops.</param>
    internal ClusterJoin(
        JoinSettings join,
        JoinReporter reporter,
        JoinQuestions questions,
        NodeAsker nodes,
        SourceEnds ends,
        Func<Task<FlowOrder>> order,
        SettingsWarnings warnings,
        CancellationToken stopping)
    {
        (Join, _reporter, _questions, _nodes, _ends) = (join, reporter, questions, nodes, ends);
        (_order, _warnings) = (order, warnings);
        _sources = new(
            () => nodes.AskAllAsync<NodeSources>(JoinQuestion.Sources, new JoinQuestion(join.Name), stopping), SharedAnswer.Life);
        _series = new(() => AskSeriesAsync(stopping), SharedAnswer.Life);
    }

    /// <summary>Its settings.</summary>
    internal JoinSettings Join { get; }

    /// <summary>
    /// The definition that it runs with on this node: it may keep what is not configured. Null = it does not run.
    /// </summary>
    internal Func<JoinDefinition?> Runs { get; init; } = static () => null;

    /// <summary>What became of every record.</summary>
    internal async Task<LedgerReport> LedgerAsync(CancellationToken stopping)
    {
        var (groups, sources) = (_reporter.AnswersAsync(), _sources.GetAsync());
        return LedgerReports.Of(Join, await groups.WaitAsync(stopping), await sources.WaitAsync(stopping));
    }

    /// <summary>The watermark board.</summary>
    internal async Task<BoardReport> BoardAsync(CancellationToken stopping)
    {
        var (groups, sources) = (_reporter.AnswersAsync(), _sources.GetAsync());
        var offsets = await _ends.AskAsync(Join.Left.Topic, Join.Right.Topic).WaitAsync(stopping);
        return new BoardReports(
            Join, await groups.WaitAsync(stopping), await sources.WaitAsync(stopping), offsets, LiveJoins.NowMs).Make() with
        {
            Asked = FlowReport.Of(await _order()),
        };
    }

    /// <summary>What other limits of time would do to it.</summary>
    internal async Task<AdviceReport> AdviceAsync(CancellationToken stopping)
    {
        var groups = _reporter.AnswersAsync();
        var nodesTimes = await _nodes.AskAllAsync<TimeFigures>(JoinQuestion.Times, new JoinQuestion(Join.Name), stopping);
        var stateBytes = (await groups.WaitAsync(stopping)).Sum(group => group.Status?.StateBytes ?? 0L);
        return new TimeAdvisor(Join, [.. nodesTimes.Select(node => node.Result).OfType<TimeFigures>()], stateBytes, LiveJoins.NowMs)
            .Advise([.. nodesTimes.Select(node => node.Missing).OfType<MissingNode>()]);
    }

    /// <summary>What it did in the last minutes.</summary>
    internal async Task<SeriesReport> SeriesAsync(int minutes, CancellationToken stopping)
    {
        var series = await _series.GetAsync().WaitAsync(stopping);
        var from = LiveJoins.NowMs - (minutes * 60_000L);
        return series with { Points = [.. series.Points.Where(point => point.AtMs >= from)] };
    }

    /// <summary>What it is, where it runs, and how fast.</summary>
    internal async Task<JoinOverview> OverviewAsync(CancellationToken stopping)
    {
        var asked = _reporter.AnswersAsync();
        var series = await _series.GetAsync().WaitAsync(stopping);
        var groups = await asked.WaitAsync(stopping);
        var (points, now) = (series.Points, LiveJoins.NowMs);
        var asks = await _order();
        var running = groups.Count(group => group.Status is not null);
        return new JoinOverview(Join.Name, DefinitionOf(Join, Runs()), Nodes(groups), groups.Count, running)
        {
            OneMinute = SeriesMerger.Rates(points, now, 1),
            FifteenMinutes = SeriesMerger.Rates(points, now, 15),
            LeftMatchRate = MatchRates.Of(points, Side.Left, now),
            RightMatchRate = MatchRates.Of(points, Side.Right, now),
            Buffered = groups.Sum(group => group.Status?.Buffered ?? 0L),
            StateBytes = groups.Sum(group => group.Status?.StateBytes ?? 0L),
            Lag = points.Count > 0 ? points[^1].Lag : 0,
            Missing = series.Missing,
            Asked = FlowReport.Of(asks),
            Warnings = await _warnings.AskAsync(asks, Watermarks(groups), now),
        };
    }

    /// <summary>What it has of a key.</summary>
    /// <param name="key">The key in canonical form.</param>
    /// <param name="limit">The most entries of a side.</param>
    /// <param name="withValues">Whether the values are told too.</param>
    /// <param name="stopping">Nobody waits any more.</param>
    internal async Task<KeyStateReport> KeyAsync(byte[] key, int limit, bool withValues, CancellationToken stopping)
    {
        if (key.Length > AskKey.BytesMax)
            throw new CommandException($"the key has {key.Length} bytes; keys of more than {AskKey.BytesMax} cannot be asked for");
        var (group, node, report) = await _questions.KeyAsync(
            key, of => new AskKey(of, key, long.MinValue, long.MaxValue, limit) { WithValues = withValues }, stopping);
        return KeyStates.Of(Join, key, group, node, report);
    }

    static IEnumerable<long> Watermarks(IReadOnlyList<KeyGroupAnswer> groups) =>
        groups.Select(group => group.Status).OfType<KeyGroupStatus>()
            .SelectMany(status => new[] { status.LeftWatermark, status.RightWatermark });

    static IReadOnlyList<JoinNode> Nodes(IReadOnlyList<KeyGroupAnswer> groups) =>
    [
        .. groups.Where(group => group.Location is not null).GroupBy(group => group.Location!.Node.ToString())
            .OrderBy(node => node.Key, StringComparer.Ordinal)
            .Select(node => new JoinNode(node.Key, [.. node.Select(group => group.Group)])),
    ];

    async Task<SeriesReport> AskSeriesAsync(CancellationToken stopping)
    {
        var question = new JoinQuestion(Join.Name, SeriesMinutes);
        var replies = await _nodes.AskAllAsync<NodeSeries>(JoinQuestion.Series, question, stopping);
        var series = replies.Select(reply => reply.Result).OfType<NodeSeries>().ToList();
        return new SeriesReport(
            Join.Name,
            SeriesMerger.Points(series),
            SeriesMerger.TakeRate(series),
            [.. replies.Select(reply => reply.Missing).OfType<MissingNode>()]);
    }

    /// <summary>What is told of a join's definition.</summary>
    /// <param name="join">Its settings.</param>
    /// <param name="runs">The definition that it runs with; null = it does not run.</param>
    internal static DefinitionReport DefinitionOf(JoinSettings join, JoinDefinition? runs) => new(
        Word(join.Type),
        join.BeforeMs,
        join.AfterMs,
        join.Where is not null,
        Word(join.Late),
        join.Type == JoinType.Attribution ? Word(join.Credit) : null,
        join.MaxOutOfOrdernessMs,
        Input(join.Left),
        Input(join.Right),
        join.Output.Topic,
        join.Output.LateTopic,
        join.Output.DeadLetterTopic)
    {
        IdlePolicy = runs?.Idle ?? join.Idle,
        IdleTimeoutMs = runs?.IdleTimeoutMs ?? join.IdleTimeoutMs,
    };

    static InputReport Input(SourceSettings source) => new(
        source.Topic,
        source.KeyPaths,
        source.TimePath,
        source.IdPath ?? (source.IdHeader is null ? null : "header:" + source.IdHeader),
        source.Format,
        source.Filter?.Text);

    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
