namespace AkkaJoin.Bench.Scaling;

/// <summary>What one run cost between 40 and 95 % of its rows: neither start-up nor the last records count.</summary>
sealed record ScalingFigures
{
    const double From = 0.40, To = 0.95;

    /// <summary>How many nodes it had.</summary>
    public required int Nodes { get; init; }

    /// <summary>Rows of the whole run.</summary>
    public required long Rows { get; init; }

    /// <summary>CPU of all nodes per record, us.</summary>
    public required double CpuPerRecord { get; init; }

    /// <summary>CPU of PostgreSQL per record, us.</summary>
    public required double PostgresqlCpuPerRecord { get; init; }

    /// <summary>CPU of the broker per record, us; null where it is not ours.</summary>
    public required double? BrokerCpuPerRecord { get; init; }

    /// <summary>Records a second of wall time.</summary>
    public required double RecordsPerSecond { get; init; }

    /// <summary>CPU of all nodes per record over the whole load, start-up not included, us.</summary>
    public required double WholeCpuPerRecord { get; init; }

    /// <summary>Events that the journal took.</summary>
    public required long JournalEvents { get; init; }

    /// <summary>Records of the load for each of them.</summary>
    public required double RecordsPerEvent { get; init; }

    /// <param name="nodes">How many nodes.</param>
    /// <param name="records">Records of the load.</param>
    /// <param name="samples">From before the load to the last row.</param>
    /// <param name="journalEvents">Events that the journal took.</param>
    internal static ScalingFigures Of(int nodes, int records, IReadOnlyList<CpuSample> samples, long journalEvents)
    {
        var rows = samples[^1].Rows;
        var (a, b) = (CpuSample.At(samples, From * rows), CpuSample.At(samples, To * rows));
        var count = (To - From) * records;
        var broker = (b.Broker - a.Broker) * 1e6 / count;
        return new ScalingFigures
        {
            Nodes = nodes,
            Rows = rows,
            CpuPerRecord = (b.Nodes - a.Nodes) * 1e6 / count,
            PostgresqlCpuPerRecord = (b.Postgresql - a.Postgresql) * 1e6 / count,
            BrokerCpuPerRecord = double.IsNaN(broker) ? null : broker,
            RecordsPerSecond = count / (b.Seconds - a.Seconds),
            WholeCpuPerRecord = (samples[^1].Nodes - samples[0].Nodes) * 1e6 / records,
            JournalEvents = journalEvents,
            RecordsPerEvent = (double)records / journalEvents,
        };
    }
}
