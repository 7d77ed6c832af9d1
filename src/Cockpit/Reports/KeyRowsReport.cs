namespace AkkaJoin.Cockpit.Reports;

/// <summary>The last rows of a key.</summary>
/// <param name="Topic">The output topic.</param>
/// <param name="Rows">The newest first.</param>
/// <param name="Read">What was read of the key's partition; null where nothing was.</param>
/// <param name="Problem">Why nothing was read; null = it was.</param>
sealed record KeyRowsReport(string Topic, IReadOnlyList<KeyRow> Rows, TopicReadReport? Read, string? Problem);

/// <summary>A row in the output topic.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="TimeMs">Its Kafka timestamp, ms since the epoch: <c>output.timestamp</c> says of what.</param>
/// <param name="Kind">matched, unmatched or late-joined; null where <c>output.headers</c> leaves it out.</param>
/// <param name="Id">Its id; null = it has none.</param>
/// <param name="ValueLength">The length of the value in bytes; null = the value is null.</param>
/// <param name="Value">The beginning of the value; null where it is null or was not asked for.</param>
sealed record KeyRow(int Partition, long Offset, long TimeMs, string? Kind, string? Id, int? ValueLength, string? Value);
