using System.Text.Json;
using Akka.Actor;
using AkkaJoin.Host.Administration.Reports;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Administration;

/// <summary>
/// What a node answers:
/// <code>
/// {"query": "cluster"}                 the members, and all joins with their key groups: ClusterReport
/// {"query": "members"}                 the members: a list of MemberReport
/// {"query": "groups", "join": NAME}    one join with its key groups: JoinReport
/// </code>
/// </summary>
sealed class NodeQueries : IDisposable
{
    readonly CancellationTokenSource _stopping = new();
    readonly ActorSystem _system;
    readonly SourceEnds _ends;
    readonly List<JoinReporter> _joins;

    internal NodeQueries(ActorSystem system, KafkaSettings kafka, IEnumerable<JoinSettings> joins, IReadOnlyList<JoinEngine> engines)
    {
        _system = system;
        _ends = new SourceEnds(kafka);
        _joins = [.. joins.Select(join => new JoinReporter(join, new JoinQuestions(system, join), _ends, Input(engines, join.Name), _stopping.Token))];
        Table = new AdminQueries(new Dictionary<string, AdminQuery>
        {
            ["cluster"] = async (_, stopping) => await ClusterAsync().WaitAsync(stopping),
            ["members"] = (_, _) => Task.FromResult<object>(MemberReports.Of(_system)),
            ["groups"] = async (question, stopping) => await Join(question).ReportAsync().WaitAsync(stopping),
        });
    }

    /// <summary>The questions by name. Add one here.</summary>
    internal AdminQueries Table { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _ends.Dispose();
    }

    static Func<Task<InputCounts?>> Input(IReadOnlyList<JoinEngine> engines, string join) =>
        engines.FirstOrDefault(engine => engine.Name == join) is { } engine ? engine.InputAsync : () => Task.FromResult<InputCounts?>(null);

    async Task<ClusterReport> ClusterAsync()
    {
        var joins = await Task.WhenAll(_joins.Select(join => join.ReportAsync()));
        return new ClusterReport(MemberReports.Of(_system), joins);
    }

    JoinReporter Join(JsonElement question)
    {
        var name = question.TryGetProperty("join", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        return _joins.FirstOrDefault(join => join.Name == name) ?? throw new UserException(
            $"{(name is null ? "the text \"join\" is missing" : $"this node runs no join '{name}'")}; joins are {string.Join(", ", _joins.Select(join => join.Name))}", ExitCodes.Usage);
    }
}
