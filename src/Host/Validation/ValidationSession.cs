using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using DuckDB.NET.Data;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// One validation, without Kafka: takes the records of all topics, lets SQL join the sources, and compares. First
/// everything is added, then <see cref="Validator"/> is called once.
/// </summary>
sealed class ValidationSession : IDisposable
{
    const long MemoryMax = 512L << 20;

    readonly JoinSettings _join;
    readonly ValidationScope _scope;
    readonly BatchJoinSql _sql;
    readonly ValidationDirectory _directory;
    readonly ValidationDatabase _database;
    readonly RecordStore _sources;
    readonly RecordStore _outputs;
    readonly RowHash _hash;
    readonly SourceTables _tables;
    readonly DuckDBAppender _found;
    readonly DuckDBAppender _superseded;
    readonly DuckDBAppender _late;
    readonly DuckDBAppender _dead;

    /// <param name="join">The join that is validated.</param>
    /// <param name="scope">Which of its rows.</param>
    /// <param name="onDisk">Whether the tables are too large for memory.</param>
    internal ValidationSession(JoinSettings join, ValidationScope scope, bool onDisk = false)
    {
        _directory = new ValidationDirectory();
        var directory = _directory.Path;
        _join = join;
        _scope = scope;
        _sql = new BatchJoinSql(join, scope);
        _hash = new RowHash(RowWriterFactory.Create(join));
        _database = new ValidationDatabase(directory, onDisk);
        _database.Execute(_sql.Tables);
        _sources = new RecordStore(directory, MemoryMax);
        _outputs = new RecordStore(directory, MemoryMax);
        _tables = new SourceTables(join, _database, _sources, _hash);
        _found = _database.Appender("found");
        _superseded = _database.Appender("superseded");
        _late = _database.Appender("late");
        _dead = _database.Appender("dead");
    }

    /// <summary>Where what does not fit memory is.</summary>
    internal string SpillDirectory => _directory.Path;

    /// <summary>What limits the validation, in sentences.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>A source record; <paramref name="ahead"/> where the join may not have read it yet.</summary>
    internal void AddSource(Side side, int partition, long offset, in ConsumedRecord record, bool ahead = false) =>
        _tables.Add(side, partition, offset, record, ahead);

    /// <summary>A row that came out.</summary>
    internal void AddOutput(int partition, long offset, in ConsumedRecord row)
    {
        var address = _outputs.Add(new PartitionId(Side.Left, 0, partition), new NewRecord
        {
            Offset = offset,
            Timestamp = row.TimestampMs,
            Key = row.Key,
            KeyIsNull = row.KeyIsNull,
            RecordKey = row.Key,
            RecordKeyIsNull = row.KeyIsNull,
            Value = row.Value,
            ValueIsNull = row.ValueIsNull,
        });
        var id = TopicHeaders.Find(row.Headers, OutputHeaders.Id);
        var appended = _found.CreateRow();
        appended = id is null ? appended.AppendNullValue() : appended.AppendValue(_hash.Of(id, false, default, true));
        appended.AppendValue(_hash.Of(row.Key, row.KeyIsNull, row.Value, row.ValueIsNull)).AppendValue(address);
        (NumberIn(id) is { } number ? appended.AppendValue(_hash.Of(number, false, default, true)) : appended.AppendNullValue()).EndRow();
        if (TopicHeaders.Find(row.Headers, OutputHeaders.Supersedes) is { } superseded)
            AddSuperseded(superseded);
    }

    void AddSuperseded(ReadOnlySpan<byte> ids)
    {
        foreach (var range in ids.Split((byte)','))
            _superseded.CreateRow().AppendValue(_hash.Of(ids[range], false, default, true)).EndRow();
    }

    // The row's number in the journal (key group, event, index): the id without its incarnation.
    static byte[]? NumberIn(byte[]? id) =>
        id is not null && OutputId.TryParse(id, out var parts) && parts.Incarnation.Length < id.Length
            ? id[(parts.Incarnation.Length + 1)..]
            : null;

    /// <summary>A source record that the late topic names.</summary>
    internal void AddLate(SourceRecord source) => Append(_late, source);

    /// <summary>A source record that the dead-letter topic names.</summary>
    internal void AddDeadLetter(SourceRecord source) => Append(_dead, source);

    /// <summary>Validates.</summary>
    /// <param name="differences">Takes every difference.</param>
    /// <param name="cancellation">Ends it early.</param>
    internal ValidationResult Validate(Action<Difference> differences, CancellationToken cancellation = default)
    {
        EndAdding();
        cancellation.ThrowIfCancellationRequested();
        _database.Execute(_sql.Records);
        _database.Execute(_sql.Pairs);
        cancellation.ThrowIfCancellationRequested();
        var unlimited = Expect(cancellation);
        _database.Execute(BatchJoinSql.Compared);
        var finder = new DifferenceFinder(_join, _scope, _database, _sources, _outputs, _hash, unlimited);
        finder.Report(differences);
        return Sum(finder);
    }

    public void Dispose()
    {
        _tables.Dispose();
        _found.Dispose();
        _superseded.Dispose();
        _late.Dispose();
        _dead.Dispose();
        _database.Dispose();
        _sources.Dispose();
        _outputs.Dispose();
        _directory.Dispose();
    }

    static void Append(DuckDBAppender table, SourceRecord source) =>
        table.CreateRow().AppendValue((byte)source.Side).AppendValue(source.Partition).AppendValue(source.Offset).EndRow();

    void EndAdding()
    {
        _tables.Dispose();
        _found.Dispose();
        _superseded.Dispose();
        _late.Dispose();
        _dead.Dispose();
        _sources.Seal();
        _outputs.Seal();
    }

    /// <summary>Renders every row that must or may come out.</summary>
    /// <returns>The rights of an attribution whose lefts are too uncertain to be compared.</returns>
    HashSet<long> Expect(CancellationToken cancellation)
    {
        var (left, right) = (Watermark(Side.Left), Watermark(Side.Right));
        using var second = _database.Second();
        using var appender = second.CreateAppender("expected");
        void Add(long hash, ExpectedRow row) => Expected(appender, hash, row);
        var unlimited = new HashSet<long>();
        var rows = _join.Type == JoinType.Attribution ? _sql.Untaken(right) : _sql.Rows(left, right);
        foreach (var reader in _database.Query(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            var row = new ExpectedRow(
                AddressIn(reader, 0), AddressIn(reader, 1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetInt32(4));
            Add(Render(row), row);
        }

        if (_join.Type != JoinType.Attribution)
            return unlimited;
        var attributions = new AttributionRows(_join, _sources, _hash, Add);
        foreach (var reader in _database.Query(_sql.Attributions(left, right)))
            attributions.Add(reader);
        attributions.Finish();
        return attributions.Unlimited;
    }

    static long AddressIn(DuckDBDataReader reader, int column) => reader.IsDBNull(column) ? -1 : reader.GetInt64(column);

    long Render(ExpectedRow row)
    {
        if (_join.Type == JoinType.Attribution)
            return _hash.Of(JoinRow.Untaken([_sources.Get(row.Left)]));
        if (row.Right < 0)
            return _hash.Of(JoinRow.OnlyLeft(_sources.Get(row.Left).View()));
        if (row.Left < 0)
            return _hash.Of(JoinRow.OnlyRight(_sources.Get(row.Right).View()));
        return _hash.Of(JoinRow.Pair(_sources.Get(row.Left).View(), _sources.Get(row.Right).View()));
    }

    static void Expected(DuckDBAppender appender, long hash, ExpectedRow row)
    {
        var appended = appender.CreateRow().AppendValue(hash);
        appended = row.Left < 0 ? appended.AppendNullValue() : appended.AppendValue(row.Left);
        appended = row.Right < 0 ? appended.AppendNullValue() : appended.AppendValue(row.Right);
        appended.AppendValue(row.Required).AppendValue(row.Strict).AppendValue(row.Why).EndRow();
    }

    /// <summary>
    /// The side's watermark as the records give it, or as a bounded run set it; null while a partition has given no
    /// time.
    /// </summary>
    long? Watermark(Side side)
    {
        var (partitions, lowest) = (0, long.MaxValue);
        foreach (var highest in _join.MaxJumpMs is { } jump ? HighestBorneOut(side, jump) : Highest(side))
        {
            partitions++;
            lowest = Math.Min(lowest, highest);
        }

        long? seen = partitions == 0 || partitions < _scope.Partitions(side) ? null : lowest - _join.MaxOutOfOrdernessMs;
        var closed = side == Side.Left ? _scope.EndWatermarks?.Left : _scope.EndWatermarks?.Right;
        return seen is null || closed > seen ? closed ?? seen : seen;
    }

    IEnumerable<long> Highest(Side side) =>
        _database.Query(BatchJoinSql.HighestTimes).Where(reader => reader.GetByte(0) == (byte)side).Select(reader => reader.GetInt64(2));

    // Jumps that silence bore out are not known here: what is due by them may come out, and need not.
    IEnumerable<long> HighestBorneOut(Side side, long maxJumpMs)
    {
        var partitions = new Dictionary<int, (TimeJumps Jumps, long Highest)>();
        foreach (var reader in _database.Query(BatchJoinSql.TimesInOrder))
        {
            if (reader.GetByte(0) != (byte)side)
                continue;
            if (!partitions.TryGetValue(reader.GetInt32(1), out var known))
                known = (new TimeJumps(new JumpLimit(maxJumpMs, long.MaxValue)), TimeJumps.NoTime);
            var moved = known.Jumps.See(known.Highest, reader.GetInt64(2), offset: 0, nowMs: 0);
            partitions[reader.GetInt32(1)] = (known.Jumps, Math.Max(known.Highest, moved?.Time ?? TimeJumps.NoTime));
        }

        return partitions.Values.Select(known => known.Highest).Where(highest => highest > TimeJumps.NoTime);
    }

    ValidationResult Sum(DifferenceFinder finder)
    {
        if (_database.Scalar(BatchJoinSql.SharedNumbers) is > 0 and var shared)
        {
            Notes.Add(
                $"{_join.Output.Topic}: {CountText.Of(shared, "row number")} of the journal came under different ids: "
                + "the topic has rows of two journals, or of one that was rolled back. "
                + "What both wrote comes twice and looks extra. Validate the rows of each journal in a topic of its own.");
        }

        var (late, dead, open) = (0L, 0L, 0L);
        foreach (var reader in _database.Query(BatchJoinSql.Explained))
        {
            var (why, count) = ((Softness)reader.GetInt32(0), reader.GetInt64(1));
            if ((why & (Softness.Late | Softness.Conflict)) != 0)
                late += count;
            else if ((why & Softness.DeadLetter) != 0)
                dead += count;
            else
                open += count;
        }

        return new ValidationResult
        {
            Expected = _database.Scalar("SELECT count(*) FROM expected WHERE strict"),
            Found = _database.Scalar(BatchJoinSql.Distinct),
            Superseded = _database.Scalar(BatchJoinSql.Superseded),
            Missing = finder.Missing,
            Extra = finder.Extra,
            Doubled = _database.Scalar($"SELECT (SELECT count(*) FROM found) - ({BatchJoinSql.Distinct})"),
            ExplainedByLate = late + finder.ExplainedExtras,
            ExplainedByDeadLetter = dead,
            NotYetDue = open,
            LeftRecords = _tables.Read[0],
            RightRecords = _tables.Read[1],
            LateRecords = _database.Scalar("SELECT count(*) FROM (SELECT DISTINCT * FROM late)"),
            DeadLetters = _database.Scalar(
                "SELECT count(*) FROM (SELECT side, part, off FROM bad UNION SELECT side, part, off FROM dead)"),
            Filtered = _database.Scalar("SELECT count(*) FROM filtered WHERE NOT ahead"),
            Duplicates = _database.Scalar("SELECT sum(copies - 1)::BIGINT FROM identity"),
            Differences = finder.First,
            Notes = Notes,
        };
    }
}
