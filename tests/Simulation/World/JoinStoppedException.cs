namespace AkkaJoin.Simulation.World;

/// <summary>A node says that the join cannot go on.</summary>
sealed class JoinStoppedException(Exception reason) : Exception(reason.Message, reason);
