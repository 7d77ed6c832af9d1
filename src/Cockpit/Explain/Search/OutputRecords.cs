namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>A row in the output topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="TimestampMs">Its Kafka timestamp, ms since the epoch.</param>
/// <param name="Id">Its id; empty = it has none.</param>
sealed record FoundRow(string Topic, int Partition, long Offset, long TimestampMs, string Id)
{
    /// <summary>The row that took its place, since a record came late; null = it stands.</summary>
    public FoundRow? SupersededBy { get; init; }
}

/// <summary>A row of an attribution in the form json.</summary>
/// <param name="Row">Where it is.</param>
/// <param name="RightTimeMs">The event time of its right, ms since the epoch; null = it has none.</param>
/// <param name="Right">The JSON of its right.</param>
/// <param name="Lefts">The JSON of the lefts that it shows.</param>
/// <param name="LeftCount">How many lefts the right took.</param>
sealed record AttributionRow(FoundRow Row, long? RightTimeMs, string Right, IReadOnlyList<string> Lefts, long LeftCount);

/// <summary>A copy in the late topic.</summary>
/// <param name="Row">Where it is.</param>
/// <param name="IsIdConflict">Whether its id was seen with another time; else it is late.</param>
/// <param name="LateByMs">How far below the watermark its time was, ms.</param>
/// <param name="WatermarkMs">The side's watermark, ms since the epoch.</param>
/// <param name="Holder">The topic/partition that held it.</param>
/// <param name="PartnersFound">How many partners it found.</param>
sealed record LateCopy(FoundRow Row, bool IsIdConflict, long LateByMs, long WatermarkMs, string Holder, long PartnersFound);

/// <summary>A copy in the dead-letter topic.</summary>
/// <param name="Row">Where it is.</param>
/// <param name="Reason">A word.</param>
/// <param name="Detail">What is wrong, in a sentence.</param>
sealed record DeadCopy(FoundRow Row, string Reason, string Detail);
