using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// Reports how the key groups of a join are. All who ask at the same time get one report: however many ask, a key group
/// is asked by this node once in a time-out.
/// </summary>
/// <param name="join">The join.</param>
/// <param name="questions">What is asked of the cluster.</param>
/// <param name="ends">Where the source partitions end.</param>
/// <param name="input">Tells what was missing in the records that this node read; null where it reads none.</param>
/// <param name="order">Tells what is asked of the join.</param>
/// <param name="stopping">The node stops.</param>
sealed class JoinReporter(
    JoinSettings join,
    JoinQuestions questions,
    SourceEnds ends,
    Func<Task<InputCounts?>> input,
    Func<Task<FlowOrder>> order,
    CancellationToken stopping)
{
    static readonly TimeSpan InputTimeout = TimeSpan.FromSeconds(2);
    readonly Lock _gate = new();
    readonly KeyGroupReporter _groups = new(join);

    // The report that is being made, or the last one.
    Task<JoinReport>? _report;
    Task<IReadOnlyList<KeyGroupAnswer>>? _answers;

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

    /// <summary>What each key group answers now, in order.</summary>
    internal Task<IReadOnlyList<KeyGroupAnswer>> AnswersAsync()
    {
        lock (_gate)
        {
            if (_answers is null or { IsCompleted: true })
                _answers = Task.Run(AskGroupsAsync);
            return _answers;
        }
    }

    async Task<IReadOnlyList<KeyGroupAnswer>> AskGroupsAsync()
    {
        var locations = await questions.LocationsAsync(stopping);
        return await Task.WhenAll(
            Enumerable.Range(0, join.KeyGroups).Select(group => GroupAsync(group, locations.GetValueOrDefault(group))));
    }

    async Task<JoinReport> MakeAsync()
    {
        var asked = ends.AskAsync(join.Left.Topic, join.Right.Topic);
        var groups = await AnswersAsync();
        var offsets = await asked;
        return new JoinReport(join.Name, [.. groups.Select(group => _groups.Report(group.Group, group.Location, group.Status, offsets))])
        {
            Input = await InputAsync(),
            Asked = FlowReport.Of(await order()),
        };
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

    async Task<KeyGroupAnswer> GroupAsync(int group, KeyGroupLocation? location) => new(
        group, location, location is { HasKeyGroup: true, IsReachable: true } ? await questions.StatusAsync(location, stopping) : null);
}

/// <summary>What a key group answered.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Location">Where it lives; null = no node is known to have it.</param>
/// <param name="Status">How it is; null = it did not answer.</param>
sealed record KeyGroupAnswer(int Group, KeyGroupLocation? Location, KeyGroupStatus? Status);
