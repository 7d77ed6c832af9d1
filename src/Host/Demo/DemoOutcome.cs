using AkkaJoin.Host.Running;

namespace AkkaJoin.Host.Demo;

/// <summary>How the demo's join went.</summary>
/// <param name="Ledger">The fates of all records.</param>
/// <param name="Seconds">From the start of the engine to its end, restarts included.</param>
/// <param name="Kills">How often the engine was killed.</param>
sealed record DemoOutcome(RunLedger Ledger, double Seconds, int Kills);
