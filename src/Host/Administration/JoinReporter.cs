using AkkaJoin.Host.Administration.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Host.Administration;

/// <summary>
/// Reports how the key groups of a join are. All who ask at the same time get one report: however many ask, a key group is asked by this
/// node once in a time-out.
/// </summary>
sealed class JoinReporter(JoinSettings join, JoinQuestions questions, SourceEnds ends, CancellationToken stopping)
{
    readonly Lock _gate = new();
    readonly GroupReporter _groups = new(join);

    // The report that is being made, or the last one.
    Task<JoinReport>? _report;

    /// <summary>The join's name.</summary>
    internal string Name => join.Name;

    /// <summary>The join as it is now.</summary>
    internal Task<JoinReport> ReportAsync()
    {
        lock (_gate)
        {
            if (_report is null or { IsCompleted: true })
                _report = Task.Run(MakeAsync);
            return _report;
        }
    }

    async Task<JoinReport> MakeAsync()
    {
        var asked = ends.AskAsync(join.Left.Topic, join.Right.Topic);
        var homes = await questions.HomesAsync(stopping);
        var groups = await Task.WhenAll(Enumerable.Range(0, join.KeyGroups).Select(group => GroupAsync(group, homes.GetValueOrDefault(group))));
        var offsets = await asked;
        return new JoinReport(join.Name, [.. groups.Select(group => _groups.Report(group.Group, group.Home, group.Status, offsets))]);
    }

    async Task<(int Group, GroupHome? Home, GroupStatus? Status)> GroupAsync(int group, GroupHome? home) =>
        (group, home, home is { HasGroup: true, IsReachable: true } ? await questions.StatusAsync(home, stopping) : null);
}
