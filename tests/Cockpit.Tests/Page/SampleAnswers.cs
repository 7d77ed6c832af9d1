using System.Text.Json;
using AkkaJoin.Cockpit.Reports;
using Microsoft.Playwright;

namespace AkkaJoin.Cockpit.Tests.Page;

/// <summary>
/// The answers of a cluster that a test cannot have: five nodes, 128 key groups, 200 partitions, an hour of an
/// attribution. One node is gone and one partition holds time back.
/// </summary>
sealed class SampleAnswers
{
    internal const int Groups = 128, Partitions = 100, Nodes = 5;

    const string Join = "plays", Left = "impressions", Right = "starts", Output = "plays-attributed";

    readonly long _now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    readonly Dictionary<string, object> _answers;

    /// <param name="isWell">Whether nothing is wrong.</param>
    internal SampleAnswers(bool isWell = false)
    {
        IReadOnlyList<MissingNode> missing = isWell ? [] : [new MissingNode(Node(4), "it did not answer within 2 s")];
        _answers = new()
        {
            ["/api/v1/session"] = new { name = "operator", right = "act" },
            ["/api/v1/openapi.json"] = Description(),
            ["/health"] = new { isWell = true, checks = new[] { new { name = "broker", isWell = true, text = "it answers" } } },
            ["/api/v1/cluster/show"] = Cluster(isWell),
            ["/api/v1/join/show"] = Overview(missing),
            ["/api/v1/time/show"] = Board(isWell, missing),
            ["/api/v1/time/advise"] = Advice(missing),
            ["/api/v1/join/ledger"] = Ledger(missing),
            ["/api/v1/join/series"] = Series(missing),
        };
    }

    /// <summary>Gives an answer.</summary>
    internal SampleAnswers With(string path, object answer)
    {
        _answers[path] = answer;
        return this;
    }

    /// <summary>Changes an answer.</summary>
    internal SampleAnswers With<T>(string path, Func<T, T> change)
        where T : notnull => With(path, change((T)_answers[path]));

    /// <summary>The page gets these answers.</summary>
    internal async Task AnswerAsync(IPage page)
    {
        await page.RouteAsync(
            address => _answers.ContainsKey(new Uri(address).AbsolutePath),
            route => route.FulfillAsync(new()
            {
                ContentType = "application/json",
                Body = JsonSerializer.Serialize(_answers[new Uri(route.Request.Url).AbsolutePath], CockpitJson.Options),
            }));
    }

    static string Node(int number) => $"akka.ssl.tcp://akkajoin@node-{number + 1}:4053";

    static object Description()
    {
        (string Path, string Right, string Help)[] commands =
        [
            ("cluster/show", "state", "The members of the cluster, and where each key group lives and how it is"),
            ("join/show", "state", "What a join is, where it runs, its rates"),
            ("join/ledger", "state", "What became of every record"),
            ("join/series", "state", "What a join did in the last hour"),
            ("time/show", "state", "The watermark board"),
            ("time/advise", "state", "What other limits of time would do"),
            ("join/explain", "data", "Why two records joined or did not"),
            ("join/key", "data", "What a join has of a key"),
            ("join/diagnose", "data", "Why a join gives nothing"),
            ("join/late", "data", "The newest late records"),
            ("join/dead-letters", "data", "The newest dead letters"),
        ];
        return new
        {
            paths = commands.ToDictionary(
                command => $"/api/v1/{command.Path}",
                command => new
                {
                    get = new
                    {
                        summary = command.Help,
                        description = $"Needs the right {command.Right}.",
                        parameters = new[]
                        {
                            new { name = "join", required = false, description = "The name", schema = new Dictionary<string, object>() },
                        },
                    },
                }),
        };
    }

    AdviceReport Advice(IReadOnlyList<MissingNode> missing) => new(
        Join,
        _now,
        _now - 3_600_000,
        new AdviceSide(Side.Left, Left, 147_600_000, 41_000, 17, 32_000, 40_000),
        new AdviceSide(Side.Right, Right, 18_900_000, 52_000, null, 34_000, 371_000),
        [
            .. new (long Seconds, double Late)[] { (1, 0.112), (5, 0.064), (30, 0.0042), (60, 0), (300, 0), (900, 0), (3_600, 0) }.Select(
                choice => new AdviceChoice(
                    choice.Seconds * 1_000,
                    choice.Seconds == 30,
                    choice.Late,
                    choice.Late / 90,
                    630_000 + (choice.Seconds * 1_000),
                    30_000 + (choice.Seconds * 1_000),
                    (600 + choice.Seconds) * 22_000_000)),
        ],
        new AdviceWindow(18_700_000, null, new AdviceArm(600_000, 0.0031, 0.9812, 300_000, 1_200_000)),
        "Set max-out-of-orderness = 1 min: 0 % of the lefts would be late instead of 0.42 %, unmatched rows would come 30 s later, "
            + "and the state would be about 13,847.4 MiB instead of 13,217.9 MiB.",
        new AdviceSetting("akkajoin.joins.plays.max-out-of-orderness", "1 min"),
        missing);

    ClusterReport Cluster(bool isWell) => new(
        [
            .. Enumerable.Range(0, Nodes).Select(i => new MemberReport(
                Node(i), [], [Join], "up", isWell || i != 4, "0.2.0", IsSelf: i == 0, IsLeader: i == 0, IsOldest: i == 0)),
        ],
        [new JoinReport(Join, [.. Enumerable.Range(0, Groups).Select(group => Group(group, isWell))])]);

    KeyGroupReport Group(int group, bool isWell)
    {
        var node = group % Nodes;
        if (!isWell && node == 4)
            return new KeyGroupReport(group, Node(node), group % 3 == 0 ? KeyGroupState.Recovering : KeyGroupState.Unreachable);
        return new KeyGroupReport(
            group,
            Node(node),
            KeyGroupState.Running,
            Sequence: 9_000 + group,
            LastConfirmed: 8_999 + group,
            Unconfirmed: 1,
            Lag: 12 + (group % 7),
            Buffered: 4_100 + (group * 13),
            Waiting: 1_900,
            StateBytes: 3_400_000,
            JournalBytes: 90_000,
            new SnapshotReport(8_000, DateTimeOffset.FromUnixTimeMilliseconds(_now - 240_000)),
            new WatermarkReport(_now - 2_100, Left, 17),
            new WatermarkReport(_now - 3_400, Right, 42));
    }

    static JoinOverview Overview(IReadOnlyList<MissingNode> missing) => new(
        Join,
        new DefinitionReport(
            "attribution",
            0,
            1_800_000,
            HasWhere: true,
            "join",
            "first",
            2_000,
            Input(Left),
            Input(Right),
            Output,
            Output + ".late",
            Output + ".dead"),
        [.. Enumerable.Range(0, Groups).GroupBy(group => group % Nodes).Select(node => new JoinNode(Node(node.Key), [.. node]))],
        Groups,
        Groups)
    {
        OneMinute = new RateReport(60, 41_250.4, 6_120.2, 5_310.7, 3.1),
        FifteenMinutes = new RateReport(900, 40_980.1, 6_090, 5_280.3, 2.8),
        LeftMatchRate = new MatchRateReport(0.128, 0.131, 24_000_000, 140_000_000),
        RightMatchRate = new MatchRateReport(0.871, 0.869, 3_600_000, 21_000_000),
        Buffered = 631_200,
        StateBytes = 435_000_000,
        Lag = 1_930,
        Missing = missing,
    };

    static InputReport Input(string topic) => new(topic, ["profile", "title"], "ts", "id", "json", null);

    BoardReport Board(bool isWell, IReadOnlyList<MissingNode> missing) => new(
        Join,
        _now,
        BoardSideOf(Side.Left, Left, 2_793, 99, 2_800, 0),
        BoardSideOf(Side.Right, Right, isWell ? 2_394 : 312_000, 42, isWell ? 2_400 : 311_000, isWell ? 900 : 204_118),
        [
            .. from side in new[] { Side.Left, Side.Right }
               from partition in Enumerable.Range(0, Partitions)
               select BoardPartitionOf(side, partition, isWell),
        ],
        missing);

    BoardPartition BoardPartitionOf(Side side, int partition, bool isWell)
    {
        var holdsBack = (side, partition) is (Side.Right, 42) or (Side.Left, 99);
        var isHeld = side == Side.Right && holdsBack && !isWell;
        var isPaused = !isWell && side == Side.Left && partition % 25 == 3;
        var state = isHeld ? BoardState.Idle : isPaused ? BoardState.Paused : BoardState.Active;
        return new BoardPartition(side, side == Side.Left ? Left : Right, partition, state)
        {
            Node = Node(partition % Nodes),
            Reason = isPaused ? BoardReason.Alignment : BoardReason.None,
            SinceMs = _now - (isHeld ? 312_000 : 86_000),
            WatermarkMs = _now - (isHeld ? 312_000 : 2_100 + (partition * 7)),
            Lag = partition % 11,
            BehindMs = isHeld ? 312_000 : partition * 7,
            LastRecordMs = _now - (isHeld ? 311_000 : 300),
            HoldsBack = holdsBack,
        };
    }

    BoardSide BoardSideOf(Side side, string topic, long behindMs, int heldBy, long standsMs, long waiting) =>
        new(side, topic, _now - behindMs, heldBy, _now - standsMs, waiting, 435_000_000);

    static LedgerReport Ledger(IReadOnlyList<MissingNode> missing) => new(
        Join,
        new SideLedgerReport(Side.Left, Left, 1_204_331_877, 154_400_120, 0, 1_048_003_411, 88_203, 1_204_300, 635_843, 412),
        new SideLedgerReport(Side.Right, Right, 176_220_991, 153_390_006, 22_412_003, 0, 31_204, 377_400, 10_378, 412),
        [
            .. Enumerable.Range(0, Partitions).Select(partition => new LedgerPartition(
                Side.Left, Left, partition, Node(partition % Nodes), new FatesReport(12_043_318, 12_043_300, 18, 0))),
        ],
        [],
        missing);

    SeriesReport Series(IReadOnlyList<MissingNode> missing)
    {
        var points = Enumerable.Range(0, 360).Select(i =>
        {
            var (wave, start) = (1 + (0.12 * Math.Sin(i / 23.0)) + (0.03 * Math.Sin(i * 1.7)), _now - ((360 - i) * 10_000L));
            var (left, right) = ((long)(410_000 * wave), (long)(61_000 * wave));
            return new SeriesPoint(start)
            {
                ReadLeft = left,
                ReadRight = right,
                Rows = (long)(right * 0.87),
                Left = new SidePoint(left, left / 8, 0, left * 7 / 8, 30 + (i % 7), 400 + (i % 50)),
                Right = new SidePoint(right, (long)(right * 0.87), (long)(right * 0.13), 0, 9, 100),
                Buffered = 631_200 + (i * 31),
                StateBytes = 410_000_000 + (long)(24_000_000 * wave),
                Lag = (long)(1_900 * wave) + (i is > 200 and < 230 ? 240_000 : 0),
                WatermarkLagMs = 2_400 + (i > 328 ? (i - 328) * 10_000 : 0),
            };
        });
        var takeRate = Enumerable.Range(0, 60).Select(i =>
            new TakePoint(_now - ((60 - i) * 60_000L), 2_460_000, (long)(315_000 * (1 + (0.05 * Math.Sin(i / 5.0))))));
        return new SeriesReport(Join, [.. points], [.. takeRate], missing);
    }
}
