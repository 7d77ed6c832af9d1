using AkkaJoin.Pipeline.Fields;

namespace AkkaJoin.Host.Administration.Reports;

/// <summary>A join and its key groups.</summary>
/// <param name="Join">Its name.</param>
/// <param name="Groups">All its key groups, in order.</param>
sealed record JoinReport(string Join, IReadOnlyList<GroupReport> Groups)
{
    /// <summary>What was missing in the records that the answering node read since its start; null = it reads none.</summary>
    public InputCounts? Input { get; init; }
}
