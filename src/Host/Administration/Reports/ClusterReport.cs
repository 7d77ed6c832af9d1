namespace AkkaJoin.Host.Administration.Reports;

/// <summary>The cluster as one of its nodes sees it. The names of these records' members are those of the JSON.</summary>
/// <param name="Members">The members, in the order of their addresses.</param>
/// <param name="Joins">The joins that the answering node runs.</param>
sealed record ClusterReport(IReadOnlyList<MemberReport> Members, IReadOnlyList<JoinReport> Joins);
