namespace AkkaJoin.Bench.Live;

/// <summary>What a live load met with, in the time that was measured.</summary>
sealed record LiveFigures
{
    /// <summary>Records produced.</summary>
    public required long Records { get; init; }

    /// <summary>How long, s.</summary>
    public required double Seconds { get; init; }

    /// <summary>Rows whose later record is of this time.</summary>
    public required int Rows { get; init; }

    /// <summary>Half the rows were appended so soon after the later event time of their two records, ms.</summary>
    public required double P50Ms { get; init; }

    /// <summary>And 99 of a hundred.</summary>
    public required double P99Ms { get; init; }

    /// <summary>And all.</summary>
    public required double MaxMs { get; init; }

    /// <summary>CPU of the join's process, s.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>CPU of the broker, s; null where it is not ours.</summary>
    public required double? BrokerCpuSeconds { get; init; }

    /// <summary>CPU of the generator's process, s.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>CPU of the join per record, us.</summary>
    public double CpuPerRecord => PerRecord(CpuSeconds);

    /// <summary>CPU of the broker per record, us.</summary>
    public double? BrokerCpuPerRecord => BrokerCpuSeconds is { } seconds ? PerRecord(seconds) : null;

    /// <summary>CPU of the generator per record, us.</summary>
    public double GeneratorCpuPerRecord => PerRecord(GeneratorCpuSeconds);

    double PerRecord(double seconds) => seconds * 1e6 / Records;
}

/// <summary>What had happened at one moment of a live load.</summary>
/// <param name="AtMs">The moment, ms since the epoch.</param>
/// <param name="Sent">Records produced.</param>
/// <param name="Join">CPU of the join's process, s.</param>
/// <param name="Broker">CPU of the broker, s; null where it is not ours.</param>
/// <param name="Generator">CPU of this process, s.</param>
readonly record struct LiveSample(long AtMs, long Sent, double Join, double? Broker, double Generator);
