using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>
/// What docs/semantics.md says, by looking at every record each time. Watermarks are given from outside.
/// </summary>
abstract class JoinOracle(JoinDefinition d)
{
    /// <summary>The oracle of a join.</summary>
    internal static JoinOracle Of(JoinDefinition definition) => definition switch
    {
        { Type: not JoinType.Attribution } => new PairOracle(definition),
        { Late: LatePolicy.Repair } => new AttributionRepairOracle(definition),
        _ => new AttributionOracle(definition),
    };

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

    /// <summary>How far a record may be late and still count as in time.</summary>
    protected long Lag => Definition.RepairForMs;

    /// <summary>The records that were taken in: neither duplicates nor too late.</summary>
    internal IEnumerable<TestRecord> Taken => Held.Select(r => r.Record);

    protected long LeftTime { get; private set; } = Never;

    protected long RightTime { get; private set; } = Never;

    /// <summary>One event. Returns its rows and copies for the late topic.</summary>
    internal List<string> Event(IEnumerable<TestRecord> records, long left, long right) => Event(records, () => (left, right));

    /// <summary>One event, of which the times are known once its records are held.</summary>
    internal List<string> Event(IEnumerable<TestRecord> records, Func<(long Left, long Right)> times)
    {
        Rows.Clear();
        foreach (var record in records)
            Add(new OracleRecord(record));
        var (left, right) = times();
        LeftTime = Math.Max(LeftTime, left);
        RightTime = Math.Max(RightTime, right);
        Close();
        return [.. Rows];
    }

    /// <summary>
    /// The least time of a side at which no record of the other that can still join is held; minus infinity where none
    /// is.
    /// </summary>
    internal long Cap(Side side)
    {
        var open = Held.Where(r => !r.Over && !IsClosed(r) && r.Record.Key is not null)
            .Where(r => !(r.Matched && IsTakenOnce && r.Record.Side == Side.Left)).ToList();
        var rights = open.Where(r => r.Record.Side == Side.Right).Select(r => r.Time).DefaultIfEmpty(Never).Max();
        var lefts = open.Where(r => r.Record.Side == Side.Left).Select(r => r.Time).DefaultIfEmpty(Never).Max();
        if (side == Side.Left)
            return rights == Never ? Never : rights + Before + 1;
        return Math.Max(lefts == Never ? Never : lefts + After + 1, rights == Never || !IsTakenOnce ? Never : rights + 1);
    }

    bool IsTakenOnce => Definition is { Type: JoinType.Attribution, Credit: Credit.First };

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

    /// <summary>Whether the window was closed, or the row due, at watermarks that are lower by a lag.</summary>
    protected abstract bool IsClosed(OracleRecord record, long lag = 0);

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

    protected virtual bool IsForgotten(OracleRecord record) => IsClosed(record, Lag)
        && OwnTime(record) > record.Time + Lag + (Definition.Late == LatePolicy.Join ? Span : 0);

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

        record.Late = record.Time < OwnTime(record) - Lag;
        if (record.Late)
            Rows.Add($"{record.Record.Name} LateRecord");
        if (record.Late && Definition.Late != LatePolicy.Join)
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
