namespace AkkaJoin.Bench.EndToEnd;

/// <summary>What one run cost.</summary>
sealed record RunFigures
{
    /// <summary>Records read.</summary>
    public required long Records { get; init; }

    /// <summary>Rows and late records put out.</summary>
    public required long Rows { get; init; }

    /// <summary>
    /// User and system time of the process from its start to its end, s, as the kernel adds it up when the process has ended; where
    /// there is no such sum, <see cref="ReportedCpuSeconds"/>.
    /// </summary>
    public required double CpuSeconds { get; init; }

    /// <summary>What the process itself read at its end, s.</summary>
    public required double ReportedCpuSeconds { get; init; }

    /// <summary>The last sample of the process from outside, s.</summary>
    public required double? SampledCpuSeconds { get; init; }

    /// <summary>CPU of the broker meanwhile, s; null where it is not ours.</summary>
    public required double? BrokerCpuSeconds { get; init; }

    /// <summary>CPU of PostgreSQL meanwhile, s; null where the journal is not there.</summary>
    public required double? PostgresqlCpuSeconds { get; init; }

    /// <summary>From the start of the process to its end, s.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>The most memory the process had resident.</summary>
    public required long? PeakResidentBytes { get; init; }

    /// <summary>Events in its journal, ever.</summary>
    public required long JournalEvents { get; init; }

    /// <summary>CPU per record, us.</summary>
    public double CpuPerRecord => CpuSeconds * 1e6 / Records;

    /// <summary>CPU of the broker per record, us.</summary>
    public double? BrokerCpuPerRecord => BrokerCpuSeconds * 1e6 / Records;

    /// <summary>CPU of PostgreSQL per record, us.</summary>
    public double? PostgresqlCpuPerRecord => PostgresqlCpuSeconds * 1e6 / Records;

    /// <summary>Rows per record.</summary>
    public double RowsPerRecord => (double)Rows / Records;

    /// <summary>Records a second of wall time.</summary>
    public double RecordsPerSecond => Records / WallSeconds;
}
