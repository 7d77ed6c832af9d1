namespace AkkaJoin.Host.Scenarios;

/// <summary>A case that cannot be run, and why. It is reported and stops no other.</summary>
sealed class ScenarioRefusedException(string message) : Exception(message);
