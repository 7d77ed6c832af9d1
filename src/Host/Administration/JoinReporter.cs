using AkkaJoin.Host.Administration.Reports;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Host.Administration;

/// <summary>
/// Reports how the key groups of a join are. All who ask at the same time get one report: however many ask, a key group is asked by this
/// node once in a time-out.
/// </summary>
/// <param name="join">The join.</param>
/// <param name="questions">What is asked of the cluster.</param>
/// <param name="ends">Where the source partitions end.</param>
/// <param name="input">Tells what was missing in the records that this node read; null where it reads none.</param>
/// <param name="stopping">The node stops.</param>
sealed class JoinReporter(JoinSettings join, JoinQuestions questions, SourceEnds ends, Func<Task<InputCounts?>> input, CancellationToken stopping)
{
    static readonly TimeSpan InputTimeout = TimeSpan.FromSeconds(2);
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
        return new JoinReport(join.Name, [.. groups.Select(group => _groups.Report(group.Group, group.Home, group.Status, offsets))]) { Input = await InputAsync() };
    }

    // A router that is busy for so long keeps nobody waiting.
    async Task<InputCounts?> InputAsync()
    {
        try
        {
            return await input().WaitAsync(InputTimeout, stopping);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    async Task<(int Group, GroupHome? Home, GroupStatus? Status)> GroupAsync(int group, GroupHome? home) =>
        (group, home, home is { HasGroup: true, IsReachable: true } ? await questions.StatusAsync(home, stopping) : null);
}
