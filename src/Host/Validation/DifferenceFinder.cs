using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Host.Validation;

/// <summary>Tells each missing and each extra row, with the records that it involves.</summary>
sealed class DifferenceFinder
{
    const int FirstMax = 20;

    /// <summary>More extra rows than this are told without the records that come closest to them.</summary>
    const int SearchedMax = 1000;

    readonly JoinSettings _join;
    readonly ValidationScope _scope;
    readonly ValidationDatabase _database;
    readonly RecordStore _sources;
    readonly RecordStore _outputs;
    readonly RowHash _hash;
    readonly HashSet<string> _unlimited;
    readonly List<Difference> _first = [];
    readonly JsonScanner _row = new();
    readonly int _leftTime;
    readonly int _rightTime;
    readonly int _right;

    internal DifferenceFinder(
        JoinSettings join, ValidationScope scope, ValidationDatabase database, RecordStore sources, RecordStore outputs, RowHash hash,
        IEnumerable<long> unlimited)
    {
        _join = join;
        _scope = scope;
        _database = database;
        _sources = sources;
        _outputs = outputs;
        _hash = hash;
        _leftTime = _row.Add("leftTime");
        _rightTime = _row.Add("rightTime");
        _right = _row.Add("right");
        _unlimited = [.. unlimited.Select(RightOf)];
    }

    internal long Missing { get; private set; }

    internal long Extra { get; private set; }

    /// <summary>Extra rows that late records explain though they cannot be compared.</summary>
    internal long ExplainedExtras { get; private set; }

    internal IReadOnlyList<Difference> First => _first;

    internal void Report(Action<Difference> tell)
    {
        foreach (var difference in MissingRows().Concat(MissingDeadLetters()))
        {
            Missing++;
            Tell(difference, tell);
        }

        // The search for an extra row's records asks the database again, so that the addresses are read first.
        var extras = _database.Query(BatchJoinSql.Extra).Select(reader => reader.GetInt64(0)).ToList();
        foreach (var difference in extras.Select(ExtraRow))
        {
            if (difference is null)
                continue;
            Extra++;
            Tell(difference, tell);
        }
    }

    void Tell(Difference difference, Action<Difference> tell)
    {
        if (_first.Count < FirstMax)
            _first.Add(difference);
        tell(difference);
    }

    IEnumerable<Difference> MissingRows()
    {
        foreach (var reader in _database.Query(BatchJoinSql.Missing))
        {
            List<InvolvedRecord> records = [];
            for (var side = Side.Left; side <= Side.Right; side++)
            {
                if (!reader.IsDBNull((int)side))
                    records.Add(Involved(side, reader.GetInt64((int)side)));
            }

            var what = records.Count == 2 ? "this pair did not come out"
                : _join.Type == JoinType.Attribution && records[0].Side == Side.Right
                ? "the row of this right, with the lefts it takes, did not come out"
                : "the unmatched row of this record did not come out";
            yield return new Difference("missing", what, null, null, null, records);
        }
    }

    IEnumerable<Difference> MissingDeadLetters()
    {
        if (_scope.IsFiltered)
            yield break;
        const string sql = "SELECT side, part, off, reason FROM bad ANTI JOIN dead USING (side, part, off) ORDER BY side, part, off";
        foreach (var reader in _database.Query(sql))
        {
            var source = _join.Source((Side)reader.GetByte(0));
            var detail = $"{source.Topic}/{reader.GetInt32(1)}@{reader.GetInt64(2)} cannot be decoded ({reader.GetString(3)}) "
                + "and is not in the dead-letter topic";
            yield return new Difference("missing-dead-letter", detail, null, null, null, []);
        }
    }

    /// <returns>Null where the row lies outside the scope, or may be after all.</returns>
    Difference? ExtraRow(long address)
    {
        var row = _outputs.Get(address).View();
        var (left, right) = Times(row);
        if (IsOutside(row, left, right))
            return null;
        if (_unlimited.Count > 0 && right is not null && _unlimited.Contains(Identity(row.Key, right.Value, Right(row))))
        {
            ExplainedExtras++;
            return null;
        }

        var records = Extra < SearchedMax ? Closest(row, left, right) : [];
        var text = row.ValueIsNull ? null : Encoding.UTF8.GetString(row.Value);
        return new Difference("extra", Why(left, right, records), text, row.Partition, row.Offset, records);
    }

    string Why(long? left, long? right, List<InvolvedRecord> records)
    {
        if (left is not null && right is not null)
        {
            var (before, after) = (_join.BeforeMs - (_join.LowerInclusive ? 0 : 1), _join.AfterMs - (_join.UpperInclusive ? 0 : 1));
            if (right - left > after)
                return $"the right is {right - left - after} ms above the window of the left";
            if (right - left < -before)
                return $"the right is {-before - (right - left)} ms below the window of the left";
        }

        return records.Count == 0
            ? "no source record has this key and time"
            : "the records with this key and time do not give this row, or not as often";
    }

    (long? Left, long? Right) Times(in RecordView row)
    {
        if (row.ValueIsNull || _join.Output.Format != "json")
            return (null, null);
        try
        {
            _row.Scan(row.Value);
        }
        catch (JsonException)
        {
            return (null, null);
        }

        return (Number(row.Value, _leftTime), Number(row.Value, _rightTime));
    }

    long? Number(ReadOnlySpan<byte> json, int slot)
    {
        ref readonly var token = ref _row[slot];
        return token.Type == JsonTokenType.Number && long.TryParse(token.Of(json), out var number) ? number : null;
    }

    /// <summary>A row of records that lie outside the scope's times, or that share a window with such.</summary>
    bool IsOutside(in RecordView row, long? left, long? right)
    {
        if (!_scope.IsFiltered)
            return false;
        var reach = Math.Abs(_join.BeforeMs) + Math.Abs(_join.AfterMs);
        if (left is not null && right is not null && _join.Type != JoinType.Attribution)
            return IsOutside(left.Value, 0) || IsOutside(right.Value, 0);
        // An unmatched row is true of all that its window holds.
        return IsOutside(left ?? right ?? row.Timestamp, 2 * reach);
    }

    bool IsOutside(long time, long reach) => time - reach < _scope.From || time + reach >= _scope.To;

    List<InvolvedRecord> Closest(in RecordView row, long? left, long? right)
    {
        var records = new List<InvolvedRecord>();
        var key = row.KeyIsNull ? "key IS NULL" : $"key = from_hex('{Convert.ToHexString(row.Key)}')";
        Search(Side.Left, left, key, records);
        Search(Side.Right, right, key, records);
        return records;
    }

    void Search(Side side, long? time, string key, List<InvolvedRecord> records)
    {
        if (time is null)
            return;
        var sql = $"SELECT n FROM rec WHERE side = {(int)side} AND {key} AND time = {time} ORDER BY n LIMIT 3";
        records.AddRange(_database.Query(sql).Select(reader => reader.GetInt64(0)).ToList().Select(n => Involved(side, n)));
    }

    InvolvedRecord Involved(Side side, long address)
    {
        var record = _sources.Get(address).View();
        return new InvolvedRecord(
            side, record.Partition, record.Offset, record.Time, record.HasId ? Encoding.UTF8.GetString(record.Id) : null,
            record.ValueIsNull ? null : Encoding.UTF8.GetString(record.Value));
    }

    /// <summary>
    /// What the row of a right says whatever lefts it took; the whole row's key where its writer is the user's own.
    /// </summary>
    string RightOf(long address)
    {
        var record = _sources.Get(address).View();
        _hash.Of(JoinRow.Attribution(record, default, 0));
        if (_join.Output.Format == "json")
            _row.Scan(_hash.Value.WrittenSpan);
        return Identity(record.Key, record.Time, RawRight(_hash.Value.WrittenSpan));
    }

    ReadOnlySpan<byte> Right(in RecordView row) => RawRight(row.Value);

    ReadOnlySpan<byte> RawRight(ReadOnlySpan<byte> json) => _row[_right].Type == JsonTokenType.None ? default : _row[_right].RawOf(json);

    static string Identity(ReadOnlySpan<byte> key, long time, ReadOnlySpan<byte> right) =>
        $"{Convert.ToHexString(key)} {time} {Convert.ToHexString(right)}";
}
