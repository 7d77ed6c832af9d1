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
        int maxLefts = 1000, bool where = false, long repairFor = 0) => new()
        {
            Name = "test",
            Type = type,
            BeforeMs = before,
            AfterMs = after,
            Where = where ? WhereParser.Parse(Where, ["x"], ["x"]).Condition : null,
            Late = repairFor > 0 ? LatePolicy.Repair : late,
            RepairForMs = repairFor,
            Credit = credit,
            MaxLefts = maxLefts,
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

    /// <summary>The join with late.policy = repair, for some time.</summary>
    internal static JoinDefinition Repairing(JoinDefinition definition, Random random, int scale) => definition with
    {
        Late = LatePolicy.Repair,
        RepairForMs = (random.Next(0, 40) * scale) + random.Next(1, 3),
    };

    static SourceDefinition Source(string topic, bool dedup) => new(topic, "", "key", "time", dedup ? "id" : "", "json", ["x"]);
}
