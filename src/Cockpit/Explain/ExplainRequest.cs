using AkkaJoin.Cockpit.Explain.Search;

namespace AkkaJoin.Cockpit.Explain;

/// <summary>Which records an explanation is asked of, and where to look for them.</summary>
/// <param name="First">The left record; where there is no second one, any record.</param>
/// <param name="Second">The right record; null = what happened to the first?</param>
/// <param name="FromMs">Records with a Kafka timestamp from here on, ms since the epoch; null = the newest.</param>
/// <param name="ToMs">Records with a Kafka timestamp up to here, ms since the epoch; null = to the end.</param>
sealed record ExplainRequest(RecordReference First, RecordReference? Second, long? FromMs, long? ToMs);
