using System.Buffers.Text;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>Makes Kafka messages of outputs.</summary>
static class OutputMessages
{
    static readonly byte[] Matched = "matched"u8.ToArray();
    static readonly byte[] Unmatched = "unmatched"u8.ToArray();
    static readonly byte[] LateJoined = "late-joined"u8.ToArray();

    internal static Message<byte[]?, byte[]?> Create(in OutputReader output, byte[] idPrefix, OutputTopics topics)
    {
        var headers = new Headers { { OutputHeaders.Id, Id(idPrefix, output.Index) }, { OutputHeaders.Join, topics.JoinUtf8 } };
        if (Row(output.Kind) is { } row)
            headers.Add(OutputHeaders.Row, row);
        if (topics.WriterUtf8 is { } writer)
            headers.Add(OutputHeaders.Writer, writer);
        AddHeaders(headers, output.Headers);
        return new Message<byte[]?, byte[]?>
        {
            Key = output.KeyIsNull ? null : output.Key.ToArray(),
            Value = output.ValueIsNull ? null : output.Value.ToArray(),
            Headers = headers,
            Timestamp = Time(topics.EventTimestamp ? output.TimestampMs : -1),
        };
    }

    /// <summary>Journal id, group and sequence with their hyphens: what the ids of one event's outputs begin with.</summary>
    internal static byte[] IdPrefix(OutputEvent e) =>
        Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{e.JournalId}-{e.Group}-{e.Sequence}-"));

    /// <summary>A timestamp, or none where it is negative: then the producer takes the clock.</summary>
    internal static Timestamp Time(long ms) => ms < 0 ? Timestamp.Default : new Timestamp(ms, TimestampType.CreateTime);

    /// <summary>Adds headers that are in the form of <see cref="HeaderEncoding"/>.</summary>
    internal static void AddHeaders(Headers headers, ReadOnlySpan<byte> encoded)
    {
        var reader = HeaderEncoding.Read(encoded);
        while (reader.MoveNext())
            headers.Add(Encoding.UTF8.GetString(reader.Name), reader.ValueIsNull ? null : reader.Value.ToArray());
    }

    static byte[] Id(byte[] prefix, int index)
    {
        const int DigitsMax = 11;
        Span<byte> digits = stackalloc byte[DigitsMax];
        Utf8Formatter.TryFormat(index, digits, out var written);
        var id = new byte[prefix.Length + written];
        prefix.CopyTo(id, 0);
        digits[..written].CopyTo(id.AsSpan(prefix.Length));
        return id;
    }

    static byte[]? Row(RowKind kind) => kind switch
    {
        RowKind.Matched => Matched,
        RowKind.Unmatched => Unmatched,
        RowKind.LateJoined => LateJoined,
        _ => null,
    };
}
