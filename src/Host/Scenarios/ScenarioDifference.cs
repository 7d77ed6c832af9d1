namespace AkkaJoin.Host.Scenarios;

/// <summary>What differs at one "expect" step.</summary>
sealed record ScenarioDifference(int Step, IReadOnlyList<ScenarioRow> Missing, IReadOnlyList<ScenarioRow> Unexpected);
