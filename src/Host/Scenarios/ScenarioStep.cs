namespace AkkaJoin.Host.Scenarios;

/// <summary>One step of a case.</summary>
abstract record ScenarioStep;
