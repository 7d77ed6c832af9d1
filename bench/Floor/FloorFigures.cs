namespace AkkaJoin.Bench.Floor;

/// <summary>What one run of the loop cost.</summary>
/// <param name="Records">Records read.</param>
/// <param name="Rows">Messages written.</param>
/// <param name="CpuSeconds">User and system time of its process, start and end included, s.</param>
/// <param name="BrokerCpuSeconds">CPU of the broker meanwhile, s; null where it is not ours.</param>
sealed record FloorFigures(long Records, long Rows, double CpuSeconds, double? BrokerCpuSeconds)
{
    /// <summary>CPU per record, us.</summary>
    public double CpuPerRecord => CpuSeconds * 1e6 / Records;

    /// <summary>CPU of the broker per record, us.</summary>
    public double? BrokerCpuPerRecord => BrokerCpuSeconds * 1e6 / Records;
}
