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

    /// <summary>A random join of windows some <paramref name="scale"/> ms wide; bounds may be negative, and the window empty.</summary>
    internal static JoinDefinition Random(Random random, bool attribution, int scale)
    {
        var before = random.Next(-6, 16) * scale;
        var after = (random.Next(0, 16) * scale) - Math.Min(0, before) - (before > 0 ? random.Next(0, before / scale + 1) * scale : 0);
        if (random.Next(4) == 0)
            before--;
        if (random.Next(4) == 0)
            after--;
        return Of(
            attribution ? JoinType.Attribution : (JoinType)random.Next(4),
            before,
            after,
            dedup: random.Next(3) > 0,
            random.Next(3) == 0 ? LatePolicy.Drop : LatePolicy.Join,
            random.Next(2) == 0 ? Credit.First : Credit.Every,
            random.Next(3) == 0 ? 2 : 1000,
            where: random.Next(3) == 0);
    }

    static SourceDefinition Source(string topic, bool dedup) => new(topic, "", "key", "time", dedup ? "id" : "", "json", ["x"]);
}
