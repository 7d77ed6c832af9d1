using System.Text.Json.Serialization;

namespace AkkaJoin.Bench.Peers;

/// <summary>What the harness says of one system that joined the filled topics.</summary>
sealed record PeerRunFigures
{
    /// <summary>Rows that came out.</summary>
    [JsonPropertyName("outputs")]
    public required long Rows { get; init; }

    /// <summary>Pairs that are in the topics.</summary>
    [JsonPropertyName("pairs")]
    public required long Pairs { get; init; }

    /// <summary>CPU of the system's processes from their start to the last row, us per input record.</summary>
    [JsonPropertyName("cpuUsPerRecordWithStart")]
    public required double CpuPerRecord { get; init; }

    /// <summary>CPU of the broker between 40 and 95 % of the rows, us per input record.</summary>
    [JsonPropertyName("brokerCpuUsPerRecord")]
    public double BrokerCpuPerRecord { get; init; }

    /// <summary>The most memory that the processes had resident, MiB.</summary>
    [JsonPropertyName("peakRssMiB")]
    public required long PeakResidentMiB { get; init; }

    /// <summary>Process and broker, us per input record.</summary>
    [JsonIgnore]
    public double Sum => CpuPerRecord + BrokerCpuPerRecord;
}

/// <summary>What the harness says of one system under a live load.</summary>
sealed record PeerLiveFigures
{
    /// <summary>Rows after the warm-up.</summary>
    [JsonPropertyName("rows")]
    public required long Rows { get; init; }

    /// <summary>From handing the later record to its producer to the append of the row, ms: the median.</summary>
    [JsonPropertyName("p50")]
    public double P50Ms { get; init; }

    /// <summary>The same, ms: 99 of 100 rows were as fast.</summary>
    [JsonPropertyName("p99")]
    public double P99Ms { get; init; }

    /// <summary>CPU of the system's processes over the load, start-up left out, us per input record.</summary>
    [JsonPropertyName("cpuUsPerRecord")]
    public double CpuPerRecord { get; init; }
}
