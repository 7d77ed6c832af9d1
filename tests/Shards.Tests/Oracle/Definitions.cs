using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Definitions for tests. The field of each side is x.</summary>
static class Definitions
{
    /// <summary>The condition of tests that have one: left.x &lt;= right.x.</summary>
    internal const string Where = "left.x <= right.x";

    internal static JoinDefinition Of(
        JoinType type, long before, long after, bool dedup = false, LatePolicy late = LatePolicy.Join, Credit credit = Credit.First,
        int maxCollapsed = 1000, bool where = false) => new()
        {
            Name = "test",
            Type = type,
            BeforeMs = before,
            AfterMs = after,
            Where = where ? WhereParser.Parse(Where, ["x"], ["x"]).Condition : null,
            Late = late,
            Credit = credit,
            MaxCollapsed = maxCollapsed,
            KeyGroups = 1,
            Left = Source("left", dedup),
            Right = Source("right", dedup),
        };

    static SourceDefinition Source(string topic, bool dedup) => new(topic, "", "key", "time", dedup ? "id" : "", "json", ["x"]);
}
