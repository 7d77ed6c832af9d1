using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>
/// The take rate with late.policy = repair, by brute force: at the end of each event every left is given anew, and what
/// changed of the rows that are out comes again.
/// </summary>
sealed class AttributionRepairOracle(JoinDefinition definition) : AttributionOracle(definition)
{
    // The rows that stand, by the right, or by the left that none took; and the lefts of the former.
    readonly Dictionary<OracleRecord, string> _rows = [];
    readonly Dictionary<OracleRecord, List<OracleRecord>> _lefts = [];

    protected override void Meet(OracleRecord record)
    {
        if (record.Record.Key is null)
            Show(record, $"{record.Record.Name}:{(record.Record.Side == Side.Left ? "" : "/0")}", []);
    }

    protected override void Close()
    {
        var lefts = InOrder(Of(Side.Left)).ToList();
        var rights = InOrder(Of(Side.Right)).ToList();
        var waiting = rights.Where(right => !IsClosed(right)).ToList();
        var taken = new HashSet<OracleRecord>();
        foreach (var right in rights.Except(waiting))
        {
            var own = lefts.Where(left => IsPair(left, right) && !(First && taken.Contains(left))).ToList();
            taken.UnionWith(own);
            if (!_lefts.TryGetValue(right, out var before) || !before.SequenceEqual(own))
                Show(right, own);
        }

        foreach (var left in lefts)
        {
            left.Matched = taken.Contains(left);
            if (!left.Matched && IsClosed(left) && !_rows.ContainsKey(left) && !waiting.Exists(right => IsPair(left, right)))
                Show(left, left.Record.Name + ":", []);
        }
    }

    IEnumerable<OracleRecord> Of(Side side) => Held.Where(r => r.Record.Side == side && r.Record.Key is not null);

    void Show(OracleRecord right, List<OracleRecord> own)
    {
        var superseded = new List<string>();
        foreach (var record in own.Except(_lefts.GetValueOrDefault(right, [])).Prepend(right))
        {
            if (_rows.Remove(record, out var row))
                superseded.Add(row);
            record.Alone = false;
        }

        _lefts[right] = own;
        right.Matched = own.Count > 0;
        var shown = string.Join(",", own.Take(Definition.MaxLefts).Select(left => left.Record.Name));
        Show(right, $"{right.Record.Name}:{shown}/{own.Count}", superseded);
    }

    void Show(OracleRecord record, string row, List<string> superseded)
    {
        record.Alone = !record.Matched;
        _rows[record] = row;
        var kind = superseded.Count > 0 ? "Repaired " + string.Join(";", superseded) : record.Matched ? "Matched" : "Unmatched";
        Rows.Add($"{row} {kind}");
    }
}
