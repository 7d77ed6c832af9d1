using AkkaJoin.Cockpit.Advice;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Live;

/// <summary>A join over all nodes: what commands tell of it.</summary>
/// <param name="join">The join.</param>
/// <param name="reporter">Asks its key groups.</param>
/// <param name="questions">Asks one key group.</param>
/// <param name="nodes">Asks the nodes.</param>
/// <param name="ends">Where the source partitions end.</param>
/// <param name="order">Tells what is asked of it.</param>
/// <param name="warnings">Warns of settings that cannot work together.</param>
sealed class ClusterJoin(
    JoinSettings join,
    JoinReporter reporter,
    JoinQuestions questions,
    NodeAsker nodes,
    SourceEnds ends,
    Func<Task<FlowOrder>> order,
    SettingsWarnings warnings)
{
    // 70 minutes: the last ten and the hour before.
    const int OverviewMinutes = 71;

    /// <summary>Its settings.</summary>
    internal JoinSettings Join => join;

    /// <summary>What became of every record.</summary>
    internal async Task<LedgerReport> LedgerAsync(CancellationToken stopping)
    {
        var groups = reporter.AnswersAsync();
        var sources = await SourcesAsync(stopping);
        return LedgerReports.Of(join, await groups.WaitAsync(stopping), sources);
    }

    /// <summary>The watermark board.</summary>
    internal async Task<BoardReport> BoardAsync(CancellationToken stopping)
    {
        var (groups, offsets) = (reporter.AnswersAsync(), ends.AskAsync(join.Left.Topic, join.Right.Topic));
        var sources = await SourcesAsync(stopping);
        return new BoardReports(join, await groups.WaitAsync(stopping), sources, await offsets, LiveJoins.NowMs).Make() with
        {
            Asked = FlowReport.Of(await order()),
        };
    }

    /// <summary>What other limits of time would do to it.</summary>
    internal async Task<AdviceReport> AdviceAsync(CancellationToken stopping)
    {
        var groups = reporter.AnswersAsync();
        var nodesTimes = await nodes.AskAllAsync<TimeFigures>(JoinQuestion.Times, new JoinQuestion(join.Name), stopping);
        var stateBytes = (await groups.WaitAsync(stopping)).Sum(group => group.Status?.StateBytes ?? 0L);
        return new TimeAdvisor(join, [.. nodesTimes.Select(node => node.Result).OfType<TimeFigures>()], stateBytes, LiveJoins.NowMs)
            .Advise([.. nodesTimes.Select(node => node.Missing).OfType<MissingNode>()]);
    }

    /// <summary>What each node reads.</summary>
    internal Task<IReadOnlyList<NodeReply<NodeSources>>> SourcesAsync(CancellationToken stopping) =>
        nodes.AskAllAsync<NodeSources>(JoinQuestion.Sources, new JoinQuestion(join.Name), stopping);

    /// <summary>What it did in the last minutes.</summary>
    internal async Task<SeriesReport> SeriesAsync(int minutes, CancellationToken stopping)
    {
        var replies = await nodes.AskAllAsync<NodeSeries>(JoinQuestion.Series, new JoinQuestion(join.Name, minutes), stopping);
        var series = replies.Select(reply => reply.Result).OfType<NodeSeries>().ToList();
        return new SeriesReport(
            join.Name,
            SeriesMerger.Points(series),
            SeriesMerger.TakeRate(series),
            [.. replies.Select(reply => reply.Missing).OfType<MissingNode>()]);
    }

    /// <summary>What it is, where it runs, and how fast.</summary>
    internal async Task<JoinOverview> OverviewAsync(CancellationToken stopping)
    {
        var asked = reporter.AnswersAsync();
        var series = await SeriesAsync(OverviewMinutes, stopping);
        var groups = await asked.WaitAsync(stopping);
        var (points, now) = (series.Points, LiveJoins.NowMs);
        var asks = await order();
        return new JoinOverview(join.Name, Definition(), Nodes(groups), groups.Count, groups.Count(group => group.Status is not null))
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
            Warnings = await warnings.AskAsync(asks, Watermarks(groups), now),
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
        var (group, node, report) = await questions.KeyAsync(
            key, of => new AskKey(of, key, long.MinValue, long.MaxValue, limit) { WithValues = withValues }, stopping);
        return KeyStates.Of(join, key, group, node, report);
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

    DefinitionReport Definition() => new(
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
        join.Output.DeadLetterTopic);

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
