using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Batches;
using Confluent.Kafka;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// Compares what a join has put out with what the batch join over the same topics says. The batch join is SQL in
/// DuckDB: it shares decoders and row writers with the join, but none of its rules.
/// </summary>
static class Validator
{
    /// <summary>More source records than this, and the tables stand in a file.</summary>
    const long MemoryRecordsMax = 3_000_000;

    static readonly JsonSerializerOptions DifferenceOptions = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the topics and validates.</summary>
    /// <exception cref="UserException">The broker does not answer, or a topic is missing.</exception>
    public static Task<ValidationResult> RunAsync(ValidationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.Run(() => Run(request, cancellation), cancellation);
    }

    static ValidationResult Run(ValidationRequest request, CancellationToken cancellation)
    {
        var join = request.Join;
        // Before the topics are read: a name that is wrong should not cost that time.
        using var differences = request.DifferencesFile is { } file ? Open(file) : TextWriter.Null;
        using var reader = new TopicReader(request.Kafka, request.SilenceMaxMs);
        // The outputs' ends first: every row below them is of records that the sources have by then.
        var rows = Required(reader, join.Output.Topic);
        var (late, dead) = (reader.Ends(join.Output.LateTopic), reader.Ends(join.Output.DeadLetterTopic));
        var (left, right) = (Required(reader, join.Left.Topic), Required(reader, join.Right.Topic));
        var records = left.Values.Concat(right.Values).Sum(e => e.High - e.Low);
        var scope = new ValidationScope(request.FromMs, request.ToMs, request.EndWatermarks, left.Count, right.Count);
        using var session = new ValidationSession(join, scope, onDisk: records > MemoryRecordsMax);
        Note(session, join.Output.LateTopic, late.Count == 0 ? "there is no such topic" : null);
        Note(session, join.Output.DeadLetterTopic, dead.Count == 0 ? "there is no such topic" : null);
        ReadSource(reader, session, request, Side.Left, left, cancellation);
        ReadSource(reader, session, request, Side.Right, right, cancellation);
        ReadCopies(reader, session, join.Output.LateTopic, late, session.AddLate, cancellation);
        ReadCopies(reader, session, join.Output.DeadLetterTopic, dead, session.AddDeadLetter, cancellation);
        var headers = new HeaderBytes();
        foreach (var row in reader.Read(join.Output.Topic, rows, cancellation))
            session.AddOutput(row.Partition.Value, row.Offset.Value, Record(row, headers));
        if (scope.IsFiltered)
            session.Notes.Add("the differences are of the given times alone, the other counts of everything");
        return session.Validate(difference => differences.WriteLine(JsonSerializer.Serialize(difference, DifferenceOptions)), cancellation);
    }

    static StreamWriter Open(string file)
    {
        try
        {
            return new StreamWriter(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"{file} cannot be written: {e.Message}", ExitCodes.Failed);
        }
    }

    static Dictionary<int, (long Low, long High)> Required(TopicReader reader, string topic)
    {
        var ends = reader.Ends(topic);
        return ends.Count > 0 ? ends : throw new UserException($"the topic {topic} does not exist", 1);
    }

    static void ReadSource(
        TopicReader reader, ValidationSession session, ValidationRequest request, Side side, Dictionary<int, (long Low, long High)> ends,
        CancellationToken cancellation)
    {
        var topic = request.Join.Source(side).Topic;
        foreach (var (partition, (low, _)) in ends.OrderBy(e => e.Key))
            Note(session, topic, low > 0 ? $"partition {partition} begins at offset {low}: rows of earlier records look extra" : null);
        var headers = new HeaderBytes();
        foreach (var record in reader.Read(topic, ends, cancellation))
        {
            var (partition, offset) = (record.Partition.Value, record.Offset.Value);
            var ahead = request.Ends is not null && offset >= request.Ends.GetValueOrDefault(new PartitionId(side, 0, partition));
            session.AddSource(side, partition, offset, Record(record, headers), ahead);
        }
    }

    static void ReadCopies(
        TopicReader reader, ValidationSession session, string topic, Dictionary<int, (long Low, long High)> ends, Action<SourceRecord> add,
        CancellationToken cancellation)
    {
        var (headers, foreign) = (new HeaderBytes(), 0);
        foreach (var record in reader.Read(topic, ends, cancellation))
        {
            if (TopicHeaders.Source(headers.Of(record.Message.Headers)) is { } source)
                add(source);
            else
                foreign++;
        }

        Note(session, topic, foreign > 0 ? CountText.Of(foreign, "record names", "records name") + " no source record" : null);
    }

    static ConsumedRecord Record(ConsumeResult<byte[]?, byte[]?> result, HeaderBytes headers) => new()
    {
        Key = result.Message.Key,
        KeyIsNull = result.Message.Key is null,
        Value = result.Message.Value,
        ValueIsNull = result.Message.Value is null,
        Headers = headers.Of(result.Message.Headers),
        TimestampMs = result.Message.Timestamp.Type == TimestampType.NotAvailable ? -1 : result.Message.Timestamp.UnixTimestampMs,
    };

    static void Note(ValidationSession session, string topic, string? note)
    {
        if (note is not null)
            session.Notes.Add($"{topic}: {note}");
    }
}
