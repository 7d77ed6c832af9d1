using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>
/// What docs/semantics.md says, by looking at every record each time. Watermarks are given from outside.
/// </summary>
abstract class JoinOracle(JoinDefinition d)
{
    protected const long Never = long.MinValue / 4;
    readonly int[] _received = new int[2];
    readonly int[] _duplicates = new int[2];
    readonly int[] _dropped = new int[2];

    protected long Before { get; } = d.BeforeMs;

    protected long After { get; } = d.AfterMs;

    protected long Span => Math.Max(0, Before + After);

    protected JoinDefinition Definition { get; } = d;

    protected List<OracleRecord> Held { get; } = [];

    protected List<string> Rows { get; } = [];

    protected long LeftTime { get; private set; } = Never;

    protected long RightTime { get; private set; } = Never;

    /// <summary>One event. Returns its rows and copies for the late topic.</summary>
    internal List<string> Event(IEnumerable<TestRecord> records, long left, long right)
    {
        Rows.Clear();
        foreach (var record in records)
            Add(new OracleRecord(record));
        LeftTime = Math.Max(LeftTime, left);
        RightTime = Math.Max(RightTime, right);
        Close();
        return [.. Rows];
    }

    internal OracleLedger Ledger(Side side)
    {
        var held = Held.Where(r => r.Record.Side == side).ToList();
        return new OracleLedger(
            _received[(int)side],
            held.Count(r => r.Matched),
            held.Count(r => r.Alone),
            held.Count(r => r.Late && !r.Matched) + _dropped[(int)side],
            _duplicates[(int)side],
            held.Count(r => !r.Matched && !r.Alone && !r.Late));
    }

    /// <summary>Takes a record in that is no duplicate and is not dropped. Returns whether it is ready to be held.</summary>
    protected abstract void Meet(OracleRecord record);

    /// <summary>Lets out what time makes due.</summary>
    protected abstract void Close();

    /// <summary>Whether the record's window is closed, or its row due.</summary>
    protected abstract bool IsClosed(OracleRecord record);

    protected bool IsPair(OracleRecord left, OracleRecord right) =>
        left.Record.Key is not null && left.Record.Key == right.Record.Key
        && right.Time >= left.Time - Before && right.Time <= left.Time + After
        && (Definition.Where is null || left.Record.X <= right.Record.X);

    protected long OwnTime(OracleRecord record) => record.Record.Side == Side.Left ? LeftTime : RightTime;

    protected bool Preserves(Side side) => Definition.Type switch
    {
        JoinType.Inner => false,
        JoinType.Left => side == Side.Left,
        JoinType.Right => side == Side.Right,
        _ => true,
    };

    protected virtual bool IsForgotten(OracleRecord record) => IsClosed(record)
        && OwnTime(record) > record.Time + (Definition.Late == LatePolicy.Join ? Span : 0);

    void Add(OracleRecord record)
    {
        var side = (int)record.Record.Side;
        _received[side]++;
        if (Definition.Left.Id.Length > 0 && record.Record.Id is not null && FirstOf(record) is { } first)
        {
            _duplicates[side]++;
            if (first.Time != record.Time)
                Rows.Add($"{record.Record.Name} IdConflict");
            return;
        }

        record.Late = record.Time < OwnTime(record);
        if (record.Late)
            Rows.Add($"{record.Record.Name} LateRecord");
        if (record.Late && Definition.Late == LatePolicy.Drop)
        {
            _dropped[side]++;
            return;
        }

        Meet(record);
        Held.Add(record);
    }

    OracleRecord? FirstOf(OracleRecord copy) => Held.Find(r => r.Record.Side == copy.Record.Side
        && r.Record.Key == copy.Record.Key && r.Record.Id == copy.Record.Id && !IsForgotten(r));
}
