namespace AkkaJoin.Pipeline.Routing;

/// <summary>What users are told by the router.</summary>
static class RouterTexts
{
    internal static string LogNoLongerHolds(SourcePartition partition, long covered) =>
        $"{partition.Topic}/{partition.Partition}: the journal has all records below offset {covered}, the group's committed offset is {partition.Start.CommittedOffset}, but the log begins at {partition.Start.LogStartOffset}: the records from {covered} to {partition.Start.LogStartOffset - 1} are gone. " +
        "The journal was restored from a backup or the offsets were moved. Restore a newer journal; or start anew with an empty journal and another group-id, which joins from the log's beginning.";
}
