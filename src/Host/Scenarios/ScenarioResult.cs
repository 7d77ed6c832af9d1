using System.Text.Json;

namespace AkkaJoin.Host.Scenarios;

/// <summary>What came of a case.</summary>
/// <param name="Name">The case's name; null where it was refused before the name was known.</param>
/// <param name="Origin">File and line.</param>
/// <param name="Refusal">Why it was not run, or null.</param>
/// <param name="Notes">What was ignored.</param>
/// <param name="Rows">All rows, in the order in which they came out.</param>
/// <param name="LateIds">The ids of late records in the order in which they came; null for one without an id.</param>
/// <param name="Differences">Where the rows are not the expected ones.</param>
sealed record ScenarioResult(
    string? Name,
    string Origin,
    string? Refusal,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ScenarioRow> Rows,
    IReadOnlyList<JsonElement?> LateIds,
    IReadOnlyList<ScenarioDifference> Differences)
{
    /// <summary>Keys of the join that the case gives under an older name, each with its name now.</summary>
    internal IReadOnlyList<(string Old, string Now)> OlderKeys { get; init; } = [];

    /// <summary>Whether the case ran and every expectation held.</summary>
    internal bool IsGood => Refusal is null && Differences.Count == 0;

    internal static ScenarioResult Refused(string? name, string origin, string reason) => new(name, origin, reason, [], [], [], []);
}

/// <summary>What differs at one "expect" step.</summary>
sealed record ScenarioDifference(int Step, IReadOnlyList<ScenarioRow> Missing, IReadOnlyList<ScenarioRow> Unexpected);
