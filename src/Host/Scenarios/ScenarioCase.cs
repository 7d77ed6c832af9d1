using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Scenarios;

/// <summary>One line of a scenario file.</summary>
/// <param name="Name">The case's name.</param>
/// <param name="Place">File and line.</param>
/// <param name="Definition">The join, as a key group journals it.</param>
/// <param name="Steps">The steps, ignored ones included.</param>
/// <param name="Notes">What was ignored.</param>
sealed record ScenarioCase(
    string Name, string Place, JoinDefinition Definition, IReadOnlyList<ScenarioStep> Steps, IReadOnlyList<string> Notes);
