namespace AkkaJoin.Cockpit.Hosting;

/// <summary>How a join is.</summary>
/// <param name="Join">Its name.</param>
/// <param name="IsRunning">Whether this node runs it, and nothing is known against it.</param>
/// <param name="Failure">Why it cannot start or go on on this node, and what to do; null = nothing is known.</param>
public sealed record JoinState(string Join, bool IsRunning, string? Failure)
{
    /// <summary>How many key groups it has.</summary>
    public int KeyGroups { get; init; }

    /// <summary>How many of them answer.</summary>
    public int KeyGroupsRunning { get; init; }

    /// <summary>Records read per second, over the last minute; 0 before the first figures are there.</summary>
    public double ReadPerSecond { get; init; }

    /// <summary>Rows per second, over the last minute; 0 before the first figures are there.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>Buffered records, with and without a partner.</summary>
    public long Buffered { get; init; }

    /// <summary>Bytes of the state.</summary>
    public long StateBytes { get; init; }

    /// <summary>Records that were not read yet, as far as the consumers know.</summary>
    public long Lag { get; init; }
}

/// <summary>
/// What became of every record of a join since its first start, as its key groups count it: an account that comes out
/// even.
/// </summary>
/// <param name="Join">The join's name.</param>
/// <param name="Left">The fates of lefts.</param>
/// <param name="Right">The fates of rights.</param>
/// <param name="SilentKeyGroups">The key groups that did not answer; their records are not counted.</param>
public sealed record JoinLedger(string Join, RecordFates Left, RecordFates Right, IReadOnlyList<int> SilentKeyGroups);

/// <summary>
/// The fates of the records of one side. <see cref="Received"/> is the sum of all others.
/// </summary>
/// <param name="Received">Records that were applied, duplicates and late ones included.</param>
/// <param name="Matched">Those that found a partner.</param>
/// <param name="Unmatched">Those whose unmatched row came out.</param>
/// <param name="Expired">Those whose window closed without a partner and without a row.</param>
/// <param name="Late">Late ones that found no partner.</param>
/// <param name="Duplicates">Those whose id was known.</param>
/// <param name="Waiting">Those that wait for a partner.</param>
public sealed record RecordFates(long Received, long Matched, long Unmatched, long Expired, long Late, long Duplicates, long Waiting);

/// <summary>How far behind a join is with one partition on one side.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="IsLeft">Whether it is read as the left side; a topic joined with itself is read as both.</param>
/// <param name="Lag">Records that were not read yet; null = Kafka did not answer.</param>
/// <param name="Watermark">How far event time is; null = no record had a time yet.</param>
/// <param name="Node">The address of the node that reads it; null = none that answered.</param>
public sealed record PartitionLag(string Topic, int Partition, bool IsLeft, long? Lag, DateTimeOffset? Watermark, string? Node);
