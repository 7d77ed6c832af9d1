using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// Reports how the key groups of a join are. All who ask within a second get one report: however many ask, a key group
/// is asked by this node once in that time. What is asked of the join is always told as it is now.
/// </summary>
sealed class JoinReporter
{
    static readonly TimeSpan InputTimeout = TimeSpan.FromSeconds(2);
    readonly JoinSettings _join;
    readonly JoinQuestions _questions;
    readonly SourceEnds _ends;
    readonly Func<Task<InputCounts?>> _input;
    readonly Func<Task<FlowOrder>> _order;
    readonly CancellationToken _stopping;
    readonly KeyGroupReporter _groups;
    readonly SharedAnswer<JoinReport> _report;
    readonly SharedAnswer<IReadOnlyList<KeyGroupAnswer>> _answers;

    /// <param name="join">The join.</param>
    /// <param name="questions">What is asked of the cluster.</param>
    /// <param name="ends">Where the source partitions end.</param>
    /// <param name="input">Tells what was missing in the records that this node read; null where it reads none.</param>
    /// <param name="order">Tells what is asked of the join.</param>
    /// <param name="stopping">The node stops.</param>
    internal JoinReporter(
        JoinSettings join,
        JoinQuestions questions,
        SourceEnds ends,
        Func<Task<InputCounts?>> input,
        Func<Task<FlowOrder>> order,
        CancellationToken stopping)
    {
        (_join, _questions, _ends, _input, _order, _stopping) = (join, questions, ends, input, order, stopping);
        _groups = new KeyGroupReporter(join);
        _report = new SharedAnswer<JoinReport>(MakeAsync, SharedAnswer.Life);
        _answers = new SharedAnswer<IReadOnlyList<KeyGroupAnswer>>(AskGroupsAsync, SharedAnswer.Life);
    }

    /// <summary>The join's name.</summary>
    internal string Name => _join.Name;

    /// <summary>The join as it is now.</summary>
    internal async Task<JoinReport> ReportAsync()
    {
        var report = await _report.GetAsync();
        return report with { Asked = FlowReport.Of(await _order()) };
    }

    /// <summary>What each key group answers now, in order.</summary>
    internal Task<IReadOnlyList<KeyGroupAnswer>> AnswersAsync() => _answers.GetAsync();

    async Task<IReadOnlyList<KeyGroupAnswer>> AskGroupsAsync()
    {
        var locations = await _questions.LocationsAsync(_stopping);
        return await Task.WhenAll(
            Enumerable.Range(0, _join.KeyGroups).Select(group => GroupAsync(group, locations.GetValueOrDefault(group))));
    }

    async Task<JoinReport> MakeAsync()
    {
        var asked = _ends.AskAsync(_join.Left.Topic, _join.Right.Topic);
        var groups = await AnswersAsync();
        var offsets = await asked;
        return new JoinReport(_join.Name, [.. groups.Select(group => _groups.Report(group.Group, group.Location, group.Status, offsets))])
        {
            Input = await InputAsync(),
        };
    }

    // A router that is busy for so long keeps nobody waiting.
    async Task<InputCounts?> InputAsync()
    {
        try
        {
            return await _input().WaitAsync(InputTimeout, _stopping);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    async Task<KeyGroupAnswer> GroupAsync(int group, KeyGroupLocation? location) => new(
        group, location, location is { HasKeyGroup: true, IsReachable: true } ? await _questions.StatusAsync(location, _stopping) : null);
}

/// <summary>What a key group answered.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Location">Where it lives; null = no node is known to have it.</param>
/// <param name="Status">How it is; null = it did not answer.</param>
sealed record KeyGroupAnswer(int Group, KeyGroupLocation? Location, KeyGroupStatus? Status);
