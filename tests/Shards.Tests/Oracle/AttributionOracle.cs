using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>The take rate by brute force.</summary>
class AttributionOracle(JoinDefinition definition) : JoinOracle(definition)
{
    protected bool First => Definition.Credit == Credit.First;

    IEnumerable<OracleRecord> OpenLefts => Held.Where(r => r.Record.Side == Side.Left && !r.Over);

    IEnumerable<OracleRecord> OpenRights => Held.Where(r => r.Record.Side == Side.Right && !r.Over);

    protected override void Meet(OracleRecord record)
    {
        if (record.Record.Key is null)
            Finish(record);
        else if (record.Record.Side == Side.Left && IsClosed(record) && !IsAwaited(record))
            Finish(record);
    }

    protected override void Close()
    {
        foreach (var right in InOrder(OpenRights.Where(r => IsClosed(r))).ToList())
            Take(right);
        foreach (var left in OpenLefts.Where(l => IsClosed(l) && !IsAwaited(l)).ToList())
            Finish(left);
    }

    protected override bool IsClosed(OracleRecord record, long lag = 0) => record.Record.Side == Side.Left
        ? RightTime - lag > record.Time + After
        : LeftTime - lag > record.Time + Before && (!First || RightTime - lag > record.Time);

    protected override bool IsForgotten(OracleRecord record)
    {
        if (record.Record.Side == Side.Left)
            return base.IsForgotten(record) && LeftTime - Lag > record.Time + Span;
        return base.IsForgotten(record)
            && (Definition.Late != LatePolicy.Join || LeftTime > record.Time + (2 * Before) + After);
    }

    bool IsAwaited(OracleRecord left) => !(First && left.Matched) && OpenRights.Any(right => IsPair(left, right));

    void Take(OracleRecord right)
    {
        right.Over = true;
        var taken = InOrder(OpenLefts.Where(left => !(First && left.Matched) && IsPair(left, right))).ToList();
        if (taken.Count == 0)
        {
            Finish(right);
            return;
        }

        right.Matched = true;
        var shown = string.Join(",", taken.Take(Definition.MaxLefts).Select(left => left.Record.Name));
        var kind = right.Late || taken.Exists(left => left.Late) ? "LateJoined" : "Matched";
        Rows.Add($"{right.Record.Name}:{shown}/{taken.Count} {kind}");
        foreach (var left in taken)
            left.Matched = true;
    }

    void Finish(OracleRecord record)
    {
        record.Over = true;
        if (record.Matched || record.Late)
            return;
        record.Alone = true;
        Rows.Add($"{record.Record.Name}:{(record.Record.Side == Side.Left ? "" : "/0")} Unmatched");
    }

    protected static IEnumerable<OracleRecord> InOrder(IEnumerable<OracleRecord> records) => records
        .OrderBy(r => r.Time).ThenBy(r => r.Record.Id ?? "", StringComparer.Ordinal).ThenBy(r => r.Record.Partition).ThenBy(r => r.Record.Offset);
}
