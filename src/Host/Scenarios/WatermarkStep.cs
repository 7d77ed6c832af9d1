namespace AkkaJoin.Host.Scenarios;

/// <summary>No more records below these times; null where the side's watermark stays.</summary>
sealed record WatermarkStep(long? Left, long? Right) : ScenarioStep;
