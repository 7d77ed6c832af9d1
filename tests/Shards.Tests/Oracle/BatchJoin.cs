using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>The join of two finished tables, as SQL would do it; the first copy of an id stands for all.</summary>
static class BatchJoin
{
    internal static List<string> Rows(JoinDefinition d, IEnumerable<TestRecord> records)
    {
        var distinct = records
            .GroupBy(r => d.Left.Id.Length == 0 || r.Id is null ? $"{r.Side} {r.Partition} {r.Offset}" : $"{r.Side} {r.Key} id {r.Id}")
            .Select(g => g.First())
            .OrderBy(r => r.Time).ThenBy(r => r.Id ?? "", StringComparer.Ordinal).ThenBy(r => r.Partition).ThenBy(r => r.Offset).ToList();
        var lefts = distinct.Where(r => r.Side == Side.Left).ToList();
        var rights = distinct.Where(r => r.Side == Side.Right).ToList();
        bool IsPair(TestRecord l, TestRecord r) => l.Key is not null && l.Key == r.Key
            && r.Time >= l.Time - d.BeforeMs && r.Time <= l.Time + d.AfterMs && (d.Where is null || l.X <= r.X);
        return d.Type == JoinType.Attribution ? Attributions(d, lefts, rights, IsPair) : Pairs(d.Type, lefts, rights, IsPair);
    }

    static List<string> Pairs(JoinType type, List<TestRecord> lefts, List<TestRecord> rights, Func<TestRecord, TestRecord, bool> isPair)
    {
        var rows = (from l in lefts from r in rights where isPair(l, r) select $"{l.Name}+{r.Name} Matched").ToList();
        if (type is JoinType.Left or JoinType.Full)
            rows.AddRange(lefts.Where(l => !rights.Exists(r => isPair(l, r))).Select(l => $"{l.Name}+ Unmatched"));
        if (type is JoinType.Right or JoinType.Full)
            rows.AddRange(rights.Where(r => !lefts.Exists(l => isPair(l, r))).Select(r => $"+{r.Name} Unmatched"));
        return rows;
    }

    static List<string> Attributions(
        JoinDefinition d, List<TestRecord> lefts, List<TestRecord> rights, Func<TestRecord, TestRecord, bool> isPair)
    {
        var rows = new List<string>();
        var taken = new HashSet<TestRecord>();
        foreach (var right in rights)
        {
            var mine = lefts.Where(l => isPair(l, right) && !(d.Credit == Credit.First && taken.Contains(l))).ToList();
            taken.UnionWith(mine);
            var shown = string.Join(",", mine.Take(d.MaxLefts).Select(l => l.Name));
            rows.Add($"{right.Name}:{shown}/{mine.Count} {(mine.Count > 0 ? "Matched" : "Unmatched")}");
        }

        rows.AddRange(lefts.Where(l => !taken.Contains(l)).Select(l => $"{l.Name}: Unmatched"));
        return rows;
    }
}
