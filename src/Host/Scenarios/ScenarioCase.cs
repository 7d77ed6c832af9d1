using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Scenarios;

/// <summary>One line of a scenario file.</summary>
/// <param name="Name">The case's name.</param>
/// <param name="Origin">File and line.</param>
/// <param name="Definition">The join, as a key group journals it.</param>
/// <param name="Steps">The steps, ignored ones included.</param>
/// <param name="Notes">What was ignored.</param>
sealed record ScenarioCase(
    string Name, string Origin, JoinDefinition Definition, IReadOnlyList<ScenarioStep> Steps, IReadOnlyList<string> Notes)
{
    /// <summary>
    /// The join of the user's configuration, whose decoders and row writer are used; null where the case has a join of
    /// its own.
    /// </summary>
    internal JoinSettings? Configured { get; init; }

    /// <summary>Keys of the join that the case gives under an older name, each with its name now.</summary>
    internal IReadOnlyList<(string Old, string Now)> OlderKeys { get; init; } = [];
}

/// <summary>A case that cannot be run, and why. It is reported and stops no other.</summary>
sealed class ScenarioRefusedException(string message) : Exception(message);
