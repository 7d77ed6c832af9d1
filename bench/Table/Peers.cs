namespace AkkaJoin.Bench.Table;

/// <summary>
/// What others cost for the same join: the least of what was measured with this load (3 to 6 M events of about 105 bytes, window 10 minutes, 0.14 rows
/// an event) over the same Kafka on a machine of this kind, two cores. Their programs are not in the reach of a run of the table, so these are constants.
/// </summary>
static class Peers
{
    /// <summary>Kafka Streams with RocksDB, its process: 28 to 35 us a record.</summary>
    internal const double KafkaStreamsRocksDbUs = 28;

    /// <summary>And in the broker, for its changelog: 2 to 4 us a record.</summary>
    internal const double KafkaStreamsBrokerUs = 2;

    /// <summary>Flink, state on the heap: 19 to 36 us a record, more as the state grows. What the broker did for it is not known and counts as nothing.</summary>
    internal const double FlinkHeapUs = 19;

    /// <summary>How they are named in a report.</summary>
    internal const string Source = "peers as measured on this kind of machine, not in this run";
}
