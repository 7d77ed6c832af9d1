using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;
using DuckDB.NET.Data;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// Turns the lefts that SQL gives each right of an attribution into rows. Where late records leave it open which lefts
/// a right took, every set that may be is a row that may come out.
/// </summary>
sealed class AttributionRows(JoinSettings join, RecordStore store, RowHash hash, Action<long, ExpectedRow> expect)
{
    /// <summary>
    /// More uncertain lefts than this, and any set of them is accepted: 2^8 rows are enough for one right.
    /// </summary>
    const int UncertainMax = 8;

    readonly List<(long Address, bool Strict, bool Certain)> _lefts = [];
    readonly List<RecordAddress> _taken = [];
    long _right = -1;
    bool _due;
    bool _inside;
    int _soft;

    /// <summary>Rights with too many uncertain lefts: the lefts of their rows are not looked at.</summary>
    internal HashSet<long> Unlimited { get; } = [];

    /// <summary>Takes the result of <see cref="BatchJoinSql.Attributions"/>, row by row.</summary>
    internal void Add(DuckDBDataReader reader)
    {
        var right = reader.GetInt64(0);
        if (right != _right)
        {
            Finish();
            _right = right;
            _soft = reader.GetInt32(1);
            _due = reader.GetBoolean(2);
            _inside = reader.GetBoolean(3);
        }

        if (reader.IsDBNull(4))
            return;
        _lefts.Add((reader.GetInt64(4), reader.GetBoolean(5), reader.GetBoolean(6)));
        _soft |= reader.GetBoolean(6) ? 0 : reader.GetInt32(8) == 0 ? (int)Softness.Late : reader.GetInt32(8);
    }

    /// <summary>Ends the last right.</summary>
    internal void Finish()
    {
        if (_right >= 0)
            FinishRight();
        _lefts.Clear();
        _right = -1;
    }

    void FinishRight()
    {
        var uncertain = _lefts.Count(left => !left.Certain);
        var strict = Render(left => left.Strict);
        var required = uncertain == 0 && _soft == 0 && _due && _inside;
        expect(strict, new ExpectedRow(-1, _right, required, true, _soft | (_due ? 0 : (int)Softness.Open)));
        if (uncertain > UncertainMax)
            Unlimited.Add(_right);
        else
            ExpectVariants(uncertain, strict);
    }

    void ExpectVariants(int uncertain, long strict)
    {
        for (var set = 0; set < 1 << uncertain; set++)
        {
            var bit = 0;
            var variant = Render(left => left.Certain || (set >> bit++ & 1) != 0);
            if (variant != strict)
                expect(variant, new ExpectedRow(-1, _right, false, false, _soft));
        }
    }

    long Render(Predicate<(long Address, bool Strict, bool Certain)> takes)
    {
        _taken.Clear();
        var count = 0L;
        foreach (var left in _lefts)
        {
            if (takes(left) && count++ < join.MaxLefts)
                _taken.Add(store.Get(left.Address));
        }

        var lefts = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_taken);
        return hash.Of(JoinRow.Attribution(store.Get(_right).View(), lefts, count));
    }
}
