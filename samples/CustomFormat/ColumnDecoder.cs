using System.Buffers;
using System.Buffers.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace CustomFormat;

/// <summary>
/// Reads lines of <see cref="Columns"/>: <c>left.format = "CustomFormat.ColumnDecoder, CustomFormat"</c>. It keeps
/// nothing of a record, and allocates nothing.
/// </summary>
public sealed class ColumnDecoder : IRecordDecoder
{
    readonly int[] _fields;

    /// <summary>AkkaJoin calls it, once for each reader.</summary>
    /// <param name="source">The input's settings.</param>
    /// <param name="fields">The columns that conditions read, by name; the decoder writes each of them, in this
    /// order.</param>
    /// <exception cref="NotSupportedException">There is no such column. <c>akkajoin check</c> shows the
    /// message.</exception>
    public ColumnDecoder(SourceSettings source, IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(fields);
        _fields = [.. fields.Select(field => Array.IndexOf(Columns.Names, field))];
        if (Array.IndexOf(_fields, -1) is >= 0 and var i)
            throw new NotSupportedException($"{source.Topic} has no column {fields[i]}; it has {string.Join(", ", Columns.Names)}");
    }

    /// <inheritdoc/>
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        if (!Columns.TryGet(record.Value, Columns.Count - 1, out _))
            return decoded.Fail("too-few-columns", $"a line has {Columns.Count} columns");
        Columns.TryGet(record.Value, Columns.Time, out var text);
        if (!Utf8Parser.TryParse(text, out long time, out var length) || length != text.Length)
            return decoded.Fail(DeadLetterReasons.BadTime, "the second column is no number");

        Columns.TryGet(record.Value, Columns.Profile, out var profile);
        Columns.TryGet(record.Value, Columns.Id, out var id);
        decoded.Time = time;
        decoded.KeyIsNull = profile.IsEmpty;
        decoded.Key.Write(profile);
        decoded.HasId = !id.IsEmpty;
        decoded.Id.Write(id);
        foreach (var field in _fields)
            WriteField(record.Value, field, decoded);
        return true;
    }

    static void WriteField(ReadOnlySpan<byte> line, int field, DecodedRecord decoded)
    {
        Columns.TryGet(line, field, out var text);
        if (text.IsEmpty)
            TypedFields.WriteMissing(decoded.Fields);
        else if (TypedFields.WriteNumber(decoded.Fields, text) != NumberReading.Read)
            TypedFields.WriteText(decoded.Fields, text);
    }
}
