using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Cockpit.Explain;

/// <summary>To which key group the router gives a record.</summary>
static class KeyGroupOf
{
    internal static int Record(InputRecord record, int groups) => RecordIntake.GroupOf(
        new NewRecord
        {
            Offset = record.Offset,
            KeyHash = record.Key is null ? 0 : KeyHash.Of(record.Key),
            KeyIsNull = record.Key is null,
            Id = record.Id,
            HasId = record.Id is not null,
        },
        groups);
}
