namespace AkkaJoin.Host.Scenarios;

/// <summary>A step of no known form. It counts as a step and does nothing.</summary>
sealed record IgnoredStep : ScenarioStep;
