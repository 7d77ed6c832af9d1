using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Checks;

/// <summary>
/// The rows against the batch join over all records. Each row too many or too few must involve a record that is in the late topic (or an id
/// with two times), or one that such a record could join; in an attribution, where a left that goes to one right is missing at the next, one that is connected with
/// it by any number of steps. A pair must be true in any case.
/// </summary>
sealed class BatchComparison
{
    static readonly char[] Separators = ['+', ':', ',', '/'];
    readonly JoinDefinition _definition;
    readonly List<TestRecord> _records;
    readonly Dictionary<string, TestRecord> _byName;
    readonly HashSet<string> _late;

    internal BatchComparison(JoinDefinition definition, List<TestRecord> records, HashSet<string> late)
    {
        _definition = definition;
        _records = [.. records.DistinctBy(r => r.Name)];
        _byName = _records.ToDictionary(r => r.Name);

        // Of copies with different times either may count; and both do where the first is forgotten already and the second, being newer, is
        // not late.
        var twoTimes = _records.Where(r => r.Id is not null).GroupBy(r => (r.Side, r.Key, r.Id)).Where(g => g.Count() > 1).SelectMany(g => g);
        _late = [.. late, .. twoTimes.Select(r => r.Name)];
        Expected = Counted(BatchJoin.Rows(definition, records).Select(row => row[..row.LastIndexOf(' ')]));
    }

    Dictionary<string, int> Expected { get; }

    internal void Judge(List<string> rows)
    {
        var actual = Counted(rows);
        foreach (var (row, count) in actual)
        {
            RequireTrue(row);
            if (count > Expected.GetValueOrDefault(row))
                RequireExplained(row, $"comes {count} times instead of {Expected.GetValueOrDefault(row)}");
        }

        foreach (var (row, count) in Expected)
        {
            if (count > actual.GetValueOrDefault(row))
                RequireExplained(row, $"comes {actual.GetValueOrDefault(row)} times instead of {count}");
        }
    }

    static Dictionary<string, int> Counted(IEnumerable<string> rows) => rows.GroupBy(r => r).ToDictionary(g => g.Key, g => g.Count());

    List<TestRecord> Named(string row) => [.. row.Split(Separators).Where(_byName.ContainsKey).Select(n => _byName[n])];

    void RequireTrue(string row)
    {
        var named = Named(row);
        foreach (var left in named.Where(r => r.Side == Side.Left))
        {
            foreach (var right in named.Where(r => r.Side == Side.Right))
            {
                if (!IsPair(left, right))
                    throw new SimulationException($"the row {row} joins what does not match");
            }
        }
    }

    void RequireExplained(string row, string what)
    {
        var reached = new HashSet<TestRecord>();
        var next = new Queue<(TestRecord Record, int Steps)>(Named(row).Select(r => (r, 0)));
        while (next.TryDequeue(out var step))
        {
            if (!reached.Add(step.Record))
                continue;
            if (_late.Contains(step.Record.Name))
                return;
            if (step.Steps > 0 && _definition.Type != JoinType.Attribution)
                continue;
            foreach (var partner in _records.Where(r => AreConnected(r, step.Record)))
                next.Enqueue((partner, step.Steps + 1));
        }

        throw new SimulationException($"the row {row} {what}, and no late record explains it");
    }

    bool AreConnected(TestRecord a, TestRecord b) => a.Side != b.Side && (a.Side == Side.Left ? IsPair(a, b) : IsPair(b, a));

    bool IsPair(TestRecord l, TestRecord r) => l.Key is not null && l.Key == r.Key
        && r.Time >= l.Time - _definition.BeforeMs && r.Time <= l.Time + _definition.AfterMs && (_definition.Where is null || l.X <= r.X);
}
