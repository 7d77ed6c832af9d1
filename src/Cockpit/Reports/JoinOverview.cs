using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Reports;

/// <summary>The joins of a node in short.</summary>
/// <param name="Joins">In the order of the configuration.</param>
sealed record JoinList(IReadOnlyList<JoinListItem> Joins);

/// <summary>A join in short.</summary>
/// <param name="Join">Its name.</param>
/// <param name="Type">inner, left, right, full or attribution.</param>
/// <param name="Left">The left topic.</param>
/// <param name="Right">The right topic.</param>
/// <param name="Output">The output topic.</param>
/// <param name="Groups">How many key groups it has.</param>
/// <param name="Running">How many of them answer.</param>
/// <param name="OneMinute">Its rates.</param>
sealed record JoinListItem(
    string Join, string Type, string Left, string Right, string Output, int Groups, int Running, RateReport OneMinute)
{
    /// <summary>What is asked of it.</summary>
    public FlowReport Asked { get; init; } = FlowReport.None;
}

/// <summary>A join: what it is, where it runs, and how fast.</summary>
/// <param name="Join">Its name.</param>
/// <param name="Definition">What it is.</param>
/// <param name="Nodes">Where its key groups run.</param>
/// <param name="Groups">How many key groups it has.</param>
/// <param name="Running">How many of them answer.</param>
sealed record JoinOverview(
    string Join, DefinitionReport Definition, IReadOnlyList<JoinNode> Nodes, int Groups, int Running)
{
    /// <summary>What is asked of it while it runs.</summary>
    public FlowReport Asked { get; init; } = FlowReport.None;

    /// <summary>The rates of the last minute.</summary>
    public RateReport OneMinute { get; init; } = RateReport.None;

    /// <summary>The rates of the last 15 minutes.</summary>
    public RateReport FifteenMinutes { get; init; } = RateReport.None;

    /// <summary>Which share of the lefts find a partner.</summary>
    public MatchRateReport LeftMatchRate { get; init; } = new(null, null, 0, 0);

    /// <summary>Which share of the rights find a partner.</summary>
    public MatchRateReport RightMatchRate { get; init; } = new(null, null, 0, 0);

    /// <summary>Buffered records.</summary>
    public long Buffered { get; init; }

    /// <summary>Bytes of the state.</summary>
    public long StateBytes { get; init; }

    /// <summary>Records that were not read yet, as far as the consumers know.</summary>
    public long Lag { get; init; }

    /// <summary>Settings that cannot work together, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The nodes whose part is missing.</summary>
    public IReadOnlyList<MissingNode> Missing { get; init; } = [];
}

/// <summary>A node that runs key groups of a join.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Groups">The key groups.</param>
sealed record JoinNode(string Node, IReadOnlyList<int> Groups);

/// <summary>What a join is, as configured.</summary>
/// <param name="Type">inner, left, right, full or attribution.</param>
/// <param name="BeforeMs">right.time is at least left.time less this, ms.</param>
/// <param name="AfterMs">right.time is at most left.time and this, ms.</param>
/// <param name="HasWhere">Whether there are further conditions on a pair.</param>
/// <param name="Late">What happens to late records: join or drop.</param>
/// <param name="Credit">Attribution: whom a left is credited to.</param>
/// <param name="MaxOutOfOrdernessMs">How far below the newest event time a record is not late, ms.</param>
/// <param name="Left">The left input.</param>
/// <param name="Right">The right input.</param>
/// <param name="Output">The topic of the rows.</param>
/// <param name="LateTopic">The topic of late records.</param>
/// <param name="DeadLetterTopic">The topic of dead letters.</param>
sealed record DefinitionReport(
    string Type,
    long BeforeMs,
    long AfterMs,
    bool HasWhere,
    string Late,
    string? Credit,
    long MaxOutOfOrdernessMs,
    InputReport Left,
    InputReport Right,
    string Output,
    string LateTopic,
    string DeadLetterTopic)
{
    /// <summary>What a partition without new records does to time.</summary>
    public IdlePolicy IdlePolicy { get; init; }

    /// <summary>How long a partition must be without new records for that, ms.</summary>
    public long IdleTimeoutMs { get; init; }
}

/// <summary>An input of a join, as configured.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Key">The parts of the key; empty = the record's own key.</param>
/// <param name="Time">Where the event time stands; null = it is the record's timestamp.</param>
/// <param name="Id">Where the id stands; null = there is none.</param>
/// <param name="Format">json, raw, or the name of a type.</param>
/// <param name="Filter">The condition that a record must fulfil; null = none.</param>
sealed record InputReport(string Topic, IReadOnlyList<string> Key, string? Time, string? Id, string Format, string? Filter);

/// <summary>Rates, each per second.</summary>
/// <param name="Seconds">Over how long; less than asked where the nodes have not run so long.</param>
/// <param name="ReadLeft">Lefts that were read.</param>
/// <param name="ReadRight">Rights that were read.</param>
/// <param name="Rows">Rows that came out.</param>
/// <param name="Late">Late records without a partner.</param>
sealed record RateReport(double Seconds, double ReadLeft, double ReadRight, double Rows, double Late)
{
    internal static RateReport None { get; } = new(0, 0, 0, 0, 0);
}
