namespace AkkaJoin.Pipeline.Engine.Live;

/// <summary>One thing that a check against the running brokers and the journal has found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Join">The join that it is about; empty = all.</param>
/// <param name="Message">What, in a sentence.</param>
/// <param name="ExitCode">What a run would end with, where it is an error.</param>
sealed record LiveFinding(LiveSeverity Severity, string Join, string Message, int ExitCode);
