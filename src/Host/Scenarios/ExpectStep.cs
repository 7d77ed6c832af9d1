namespace AkkaJoin.Host.Scenarios;

/// <summary>The rows that must have come out since the last such step, in any order.</summary>
sealed record ExpectStep(IReadOnlyList<ScenarioRow> Rows) : ScenarioStep;
