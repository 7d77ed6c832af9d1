using System.Text.Json;

namespace AkkaJoin.Host.Scenarios;

/// <summary>What came of a case.</summary>
/// <param name="Name">The case's name; null where it was refused before the name was known.</param>
/// <param name="Place">File and line.</param>
/// <param name="Refusal">Why it was not run, or null.</param>
/// <param name="Notes">What was ignored.</param>
/// <param name="Rows">All rows, in the order in which they came out.</param>
/// <param name="LateIds">The ids of late records in the order in which they came; null for one without an id.</param>
/// <param name="Differences">Where the rows are not the expected ones.</param>
sealed record ScenarioResult(
    string? Name,
    string Place,
    string? Refusal,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ScenarioRow> Rows,
    IReadOnlyList<JsonElement?> LateIds,
    IReadOnlyList<ScenarioDifference> Differences)
{
    /// <summary>Whether the case ran and every expectation held.</summary>
    internal bool IsGood => Refusal is null && Differences.Count == 0;

    internal static ScenarioResult Refused(string? name, string place, string reason) => new(name, place, reason, [], [], [], []);
}
