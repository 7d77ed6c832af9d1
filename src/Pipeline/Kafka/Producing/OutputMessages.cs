using System.Buffers.Text;
using System.Text;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>Makes Kafka records of outputs.</summary>
static class OutputMessages
{
    const int HeadersExpected = 4;
    const int DigitsMax = 11;

    /// <param name="output">The output. Its bytes stay where they are until its report.</param>
    /// <param name="id">Begins with the event's <see cref="IdPrefix"/> and has room for the index.</param>
    /// <param name="prefixLength">Of that prefix, bytes.</param>
    /// <param name="topics">The join's name and what else each record says.</param>
    internal static OutgoingRecord Create(in OutputReader output, byte[] id, int prefixLength, OutputTopics topics)
    {
        var headers = NativeHeaders.Create(HeadersExpected);
        Utf8Formatter.TryFormat(output.Index, id.AsSpan(prefixLength), out var digits);
        headers.Add(HeaderNames.Id, id.AsSpan(0, prefixLength + digits));
        var row = Row(output.Kind);
        var asked = row.Length > 0 ? topics.RowHeaders : RowHeaders.Join;
        if (asked.HasFlag(RowHeaders.Join))
            headers.Add(HeaderNames.Join, topics.JoinUtf8);
        if (asked.HasFlag(RowHeaders.Row))
            headers.Add(HeaderNames.Row, row);
        if (topics.WriterUtf8 is { } writer)
            headers.Add(HeaderNames.Writer, writer);
        if (output.Headers.Length > 0)
            headers.AddAll(output.Headers);
        if (row.Length == 0 && output.TimestampMs >= 0)
            AddSourceTimestamp(headers, output.TimestampMs);
        return new OutgoingRecord
        {
            Key = output.Key,
            KeyIsNull = output.KeyIsNull,
            Value = output.Value,
            ValueIsNull = output.ValueIsNull,
            ValueIsPinned = true,
            Headers = headers,
            // A copy of a late record is as old as the data, and the broker would delete it as soon as it is written.
            TimestampMs = topics.EventTimestamp && row.Length > 0 ? output.TimestampMs : -1,
        };
    }

    /// <summary>
    /// What the ids of one event's outputs begin with (incarnation, key group and sequence number with their hyphens),
    /// and room for the index.
    /// </summary>
    /// <param name="e">The event.</param>
    /// <param name="length">Of the prefix, bytes.</param>
    internal static byte[] IdPrefix(OutputEvent e, out int length)
    {
        var prefix = RowId.Prefix(e.Incarnation, e.Group, e.Sequence);
        var id = new byte[Encoding.UTF8.GetMaxByteCount(prefix.Length) + DigitsMax];
        length = Encoding.UTF8.GetBytes(prefix, id);
        return id;
    }

    /// <summary>What a row's header calls it; "" = it is no row.</summary>
    internal static string RowWord(RowKind kind) => Encoding.UTF8.GetString(Row(kind));

    static void AddSourceTimestamp(NativeHeaders headers, long ms)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(ms, text, out var digits);
        headers.Add(HeaderNames.SourceTimestamp, text[..digits]);
    }

    static ReadOnlySpan<byte> Row(RowKind kind) => kind switch
    {
        RowKind.Matched => "matched"u8,
        RowKind.Unmatched => "unmatched"u8,
        RowKind.LateJoined => "late-joined"u8,
        RowKind.Repaired => "repaired"u8,
        _ => default,
    };
}

/// <summary><see cref="OutputHeaders"/> as the producer takes them.</summary>
static class HeaderNames
{
    internal static byte[] Id { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Id);

    internal static byte[] Join { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Join);

    internal static byte[] Row { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Row);

    internal static byte[] SourceTimestamp { get; } = Encoding.UTF8.GetBytes(OutputHeaders.SourceTimestamp);

    internal static byte[] Writer { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Writer);
}
