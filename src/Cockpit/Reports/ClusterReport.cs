using AkkaJoin.Pipeline.Fields;

namespace AkkaJoin.Cockpit.Reports;

/// <summary>
/// The cluster as one of its nodes sees it. The names of these records' members are those of the JSON.
/// </summary>
/// <param name="Members">The members, in the order of their addresses.</param>
/// <param name="Joins">The joins that the answering node runs.</param>
sealed record ClusterReport(IReadOnlyList<MemberReport> Members, IReadOnlyList<JoinReport> Joins)
{
    /// <summary>The report without what single records hold.</summary>
    internal ClusterReport WithoutExamples() => this with
    {
        Joins = [.. Joins.Select(join => join with { Input = join.Input?.WithoutExamples() })],
    };
}

/// <summary>A member of the cluster.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Roles">The roles that its configuration gives it.</param>
/// <param name="Joins">The joins that it runs.</param>
/// <param name="Status">joining, up, leaving, exiting or down.</param>
/// <param name="Reachable">Whether no other member misses its heartbeats.</param>
/// <param name="AppVersion">The version of its program.</param>
/// <param name="IsSelf">Whether it is the node that answers.</param>
/// <param name="IsLeader">Whether it is the leader.</param>
/// <param name="IsOldest">Whether it is the oldest, where singletons such as the shards' coordinators live.</param>
sealed record MemberReport(
    string Address,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Joins,
    string Status,
    bool Reachable,
    string AppVersion,
    bool IsSelf,
    bool IsLeader,
    bool IsOldest);

/// <summary>A join and its key groups.</summary>
/// <param name="Join">Its name.</param>
/// <param name="Groups">All its key groups, in order.</param>
sealed record JoinReport(string Join, IReadOnlyList<KeyGroupReport> Groups)
{
    /// <summary>
    /// What was missing in the records that the answering node read since its start; null = it reads none.
    /// </summary>
    public InputCounts? Input { get; init; }

    /// <summary>What is asked of it while it runs.</summary>
    public FlowReport Asked { get; init; } = FlowReport.None;
}

/// <summary>A key group. Of one that does not run only the first three are known.</summary>
/// <param name="Group">Its number.</param>
/// <param name="Node">The address of the node that has it, or null.</param>
/// <param name="State">What it does.</param>
/// <param name="Sequence">The last event.</param>
/// <param name="LastConfirmed">The last event whose rows are all in the output topic, with all before it.</param>
/// <param name="Unconfirmed">Events whose rows the broker has not acknowledged.</param>
/// <param name="Lag">
/// Records of the source partitions that it has not applied yet, of all keys; null where Kafka does not answer.
/// </param>
/// <param name="Buffered">Records in its state.</param>
/// <param name="Waiting">Buffered records that have no partner yet and whose window is open.</param>
/// <param name="StateBytes">Bytes of its state.</param>
/// <param name="JournalBytes">Bytes journaled since the last snapshot.</param>
/// <param name="Snapshot">The newest snapshot; null = none yet.</param>
/// <param name="Left">The left side's time.</param>
/// <param name="Right">The right side's time.</param>
sealed record KeyGroupReport(
    int Group,
    string? Node,
    KeyGroupState State,
    long? Sequence = null,
    long? LastConfirmed = null,
    int? Unconfirmed = null,
    long? Lag = null,
    int? Buffered = null,
    long? Waiting = null,
    long? StateBytes = null,
    long? JournalBytes = null,
    SnapshotReport? Snapshot = null,
    WatermarkReport? Left = null,
    WatermarkReport? Right = null);

/// <summary>What a key group does.</summary>
enum KeyGroupState
{
    /// <summary>No node is known to have it.</summary>
    NotStarted,

    /// <summary>
    /// It has a node and does not answer: it reads its snapshot and journal, or waits to try that again.
    /// </summary>
    Recovering,

    /// <summary>It answers.</summary>
    Running,

    /// <summary>Its node is not reachable.</summary>
    Unreachable,
}

/// <summary>A snapshot of a key group.</summary>
/// <param name="Sequence">The last event in it.</param>
/// <param name="SavedAt">When it was saved, by the wall clock of its node.</param>
sealed record SnapshotReport(long Sequence, DateTimeOffset SavedAt);

/// <summary>How far the time of one side is.</summary>
/// <param name="Watermark">ms since the epoch; null = a partition has given no time yet.</param>
/// <param name="Topic">The topic of the partition that holds it back.</param>
/// <param name="Partition">The partition that holds it back.</param>
sealed record WatermarkReport(long? Watermark, string Topic, int Partition);
