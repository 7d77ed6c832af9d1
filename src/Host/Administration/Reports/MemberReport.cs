namespace AkkaJoin.Host.Administration.Reports;

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
