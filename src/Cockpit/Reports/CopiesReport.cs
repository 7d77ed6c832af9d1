namespace AkkaJoin.Cockpit.Reports;

/// <summary>The newest records of a join's late or dead-letter topic.</summary>
/// <param name="Join">The name of the join.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Copies">The newest first.</param>
/// <param name="Read">What was read of the topic.</param>
sealed record CopiesReport(string Join, string Topic, IReadOnlyList<CopyReport> Copies, TopicReadReport Read);

/// <summary>A copy of a source record that came late, or could not be decoded.</summary>
/// <param name="Partition">Its partition in the topic of the copies.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="WrittenMs">When it was written, ms since the epoch.</param>
/// <param name="Reason">Why it is there: a word.</param>
sealed record CopyReport(int Partition, long Offset, long WrittenMs, string Reason)
{
    /// <summary>The record that it is a copy of; null where the headers do not say.</summary>
    public CopiedRecord? Source { get; init; }

    /// <summary>
    /// The join key, or the record's own where it cannot be decoded, as text or as 0x and hexadecimal digits; null = it
    /// is null.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The id; null = it has none, or cannot be decoded.</summary>
    public string? Id { get; init; }

    /// <summary>The event time, ms since the epoch; null = it cannot be decoded.</summary>
    public long? TimeMs { get; init; }

    /// <summary>What of a late record the watermark says; null = it was not late.</summary>
    public LatenessReport? Lateness { get; init; }

    /// <summary>What is wrong with a dead letter, in a sentence.</summary>
    public string? Detail { get; init; }

    /// <summary>Which parts of a dead letter were cut, such as <c>value 2000000</c>.</summary>
    public string? Cut { get; init; }

    /// <summary>The length of the value in bytes; null = the value is null.</summary>
    public int? ValueLength { get; init; }

    /// <summary>The beginning of the value; null where it is null or was not asked for.</summary>
    public string? Value { get; init; }
}

/// <summary>A record of a source topic.</summary>
/// <param name="Side">Its side.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Reference">
/// As <c>join explain</c> takes it, such as <c>left:0:17</c>; null where the topic is no longer the side's.
/// </param>
sealed record CopiedRecord(Side Side, string Topic, int Partition, long Offset, string? Reference);

/// <summary>How late a record was.</summary>
/// <param name="LateByMs">How far below its side's watermark its time was, ms.</param>
/// <param name="WatermarkMs">That watermark, ms since the epoch.</param>
/// <param name="HeldBy">The topic/partition that held it.</param>
/// <param name="PartnersFound">How many partners the record found all the same.</param>
sealed record LatenessReport(long LateByMs, long WatermarkMs, string HeldBy, long PartnersFound);
