namespace AkkaJoin.Bench.Floor;

/// <summary>What the loop does.</summary>
/// <param name="Servers">host:port of the broker.</param>
/// <param name="Impressions">A topic to read.</param>
/// <param name="Plays">The other one.</param>
/// <param name="Output">Where the messages go.</param>
/// <param name="Records">How many records both topics have.</param>
/// <param name="Rows">How many messages go out for them.</param>
/// <param name="RowBytes">Bytes of a message: key and value.</param>
sealed record FloorTask(string Servers, string Impressions, string Plays, string Output, long Records, long Rows, int RowBytes);

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
