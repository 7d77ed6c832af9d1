using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Testing;

/// <summary>
/// What a decoder found in a <see cref="TestRecord"/>. A record that is joined can be a side of a
/// <see cref="TestRow"/>.
/// </summary>
public sealed class DecodingResult
{
    internal DecodingResult(TestRecord record, DecodedRecord decoded, bool isJoined)
    {
        Record = record;
        IsJoined = isJoined;
        IsFiltered = decoded.IsFiltered;
        KeyIsNull = decoded.KeyIsNull;
        Key = decoded.KeyIsNull ? [] : decoded.Key.WrittenSpan.ToArray();
        Time = decoded.Time;
        HasId = decoded.HasId;
        Id = decoded.HasId ? decoded.Id.WrittenSpan.ToArray() : [];
        EncodedFields = decoded.Fields.WrittenSpan.ToArray();
        Fields = ReadFields(EncodedFields);
        Reason = decoded.Reason;
        Detail = decoded.Detail;
    }

    /// <summary>The record that was decoded.</summary>
    public TestRecord Record { get; }

    /// <summary>
    /// Whether it is joined; otherwise it is left out (<see cref="IsFiltered"/>) or a dead letter
    /// (<see cref="Reason"/>).
    /// </summary>
    public bool IsJoined { get; }

    /// <summary>Whether it is left out: it moves its partition's watermark, and is not joined.</summary>
    public bool IsFiltered { get; }

    /// <summary>The key in canonical form; empty where <see cref="KeyIsNull"/>.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>The key as UTF-8.</summary>
    public string KeyText => Encoding.UTF8.GetString(Key.Span);

    /// <summary>Whether the key, or a part of it, is null: such a record never matches.</summary>
    public bool KeyIsNull { get; }

    /// <summary>The event time, ms since the epoch.</summary>
    public long Time { get; }

    /// <summary>Whether it has an id. A record without one is never a duplicate.</summary>
    public bool HasId { get; }

    /// <summary>The id; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>The id as UTF-8.</summary>
    public string IdText => Encoding.UTF8.GetString(Id.Span);

    /// <summary>
    /// The fields that conditions read, in the order in which the decoder's constructor got their paths: null
    /// (missing), a bool, a long, a double, a string, the text of a decimal number that is no long, or
    /// <see cref="Composite"/>. Empty where the decoder wrote none.
    /// </summary>
    public IReadOnlyList<object?> Fields { get; }

    /// <summary>Stands in <see cref="Fields"/> for an object or an array, with which nothing can be compared.</summary>
    public static object Composite { get; } = new Marker();

    /// <summary>Why it is a dead letter, such as "malformed-json"; empty where it is none.</summary>
    public string Reason { get; }

    /// <summary>What is wrong, in a sentence; empty where it is no dead letter.</summary>
    public string Detail { get; }

    internal byte[] EncodedFields { get; }

    internal static IReadOnlyList<object?> ReadFields(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<object?>();
        var position = 0;
        while (position < bytes.Length)
        {
            var value = TypedFields.ReadNext(bytes, ref position);
            fields.Add(value.Type switch
            {
                FieldType.False => false,
                FieldType.True => true,
                FieldType.Int64 => value.Int64,
                FieldType.Double => value.Double,
                FieldType.Text => Encoding.UTF8.GetString(value.Text),
                FieldType.Number => value.Number.ToString(),
                FieldType.Composite => Composite,
                _ => null,
            });
        }

        return fields;
    }

    internal bool IsSameAs(DecodingResult other) =>
        (IsJoined, IsFiltered, KeyIsNull, Time, HasId, Reason, Detail)
            == (other.IsJoined, other.IsFiltered, other.KeyIsNull, other.Time, other.HasId, other.Reason, other.Detail)
        && Key.Span.SequenceEqual(other.Key.Span)
        && Id.Span.SequenceEqual(other.Id.Span)
        && EncodedFields.AsSpan().SequenceEqual(other.EncodedFields);

    sealed class Marker
    {
        public override string ToString() => "{}";
    }
}
