using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>The world's time, for what reads a clock.</summary>
sealed class VirtualTime(Schedule schedule) : TimeProvider
{
    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => schedule.Now;
}
