using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Inner, left, right and full by brute force.</summary>
sealed class PairOracle(JoinDefinition definition) : JoinOracle(definition)
{
    protected override void Meet(OracleRecord record)
    {
        var isLeft = record.Record.Side == Side.Left;
        foreach (var other in Held.Where(o => o.Record.Side != record.Record.Side && !IsClosed(o, Lag)))
        {
            var (left, right) = isLeft ? (record, other) : (other, record);
            if (!IsPair(left, right))
                continue;
            var kind = other.Alone ? "Repaired " + Name(other) : left.Late || right.Late ? "LateJoined" : "Matched";
            other.Alone = false;
            Rows.Add($"{left.Record.Name}+{right.Record.Name} {kind}");
            left.Matched = right.Matched = true;
        }

        if (IsClosed(record) || record.Record.Key is null)
            Finish(record);
    }

    protected override void Close()
    {
        foreach (var record in Held.Where(r => !r.Over && IsClosed(r)))
            Finish(record);
    }

    protected override bool IsClosed(OracleRecord record, long lag = 0) =>
        record.Record.Side == Side.Left ? RightTime - lag > record.Time + After : LeftTime - lag > record.Time + Before;

    void Finish(OracleRecord record)
    {
        record.Over = true;
        if (record.Matched || record.Late || !Preserves(record.Record.Side))
            return;
        record.Alone = true;
        Rows.Add($"{Name(record)} Unmatched");
    }

    // As it stands in its unmatched row.
    static string Name(OracleRecord record) => record.Record.Side == Side.Left ? record.Record.Name + "+" : "+" + record.Record.Name;
}
