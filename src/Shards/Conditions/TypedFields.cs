using System.Buffers;
using System.Buffers.Binary;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// The typed fields that conditions read, in one run of bytes, in the order of
/// <see cref="Definition.SourceDefinition.Fields"/>. Per field: a tag (<see cref="FieldType"/>), then for a whole
/// number its zigzag varint, for a binary number 8 bytes little-endian, for a decimal one what
/// <see cref="ExactNumber"/> writes, for a text varint length and UTF-8. No bytes at all = every field is missing.
/// </summary>
public static class TypedFields
{
    const int DoubleSize = 1 + sizeof(double);

    /// <summary>Appends a field that is missing or null.</summary>
    public static void WriteMissing(IBufferWriter<byte> target) => WriteTag(target, FieldType.Missing);

    /// <summary>Appends a field that is an object or an array. Not before format 2.</summary>
    public static void WriteComposite(IBufferWriter<byte> target) => WriteTag(target, FieldType.Composite);

    /// <summary>Appends a boolean.</summary>
    public static void WriteBoolean(IBufferWriter<byte> target, bool value) => WriteTag(target, value ? FieldType.True : FieldType.False);

    /// <summary>Appends a whole number.</summary>
    public static void WriteInt64(IBufferWriter<byte> target, long value)
    {
        var span = target.GetSpan(1 + Varint.LengthMax);
        span[0] = (byte)FieldType.Int64;
        target.Advance(1 + Varint.WriteSigned(span[1..], value));
    }

    /// <summary>
    /// Appends a number; one that is whole and fits 64 bits is written as a whole number, so that each has one form.
    /// </summary>
    public static void WriteDouble(IBufferWriter<byte> target, double value)
    {
        const double twoTo63 = 9_223_372_036_854_775_808d;
        if (value is >= -twoTo63 and < twoTo63 && Math.Truncate(value) == value)
        {
            WriteInt64(target, (long)value);
            return;
        }

        var span = target.GetSpan(DoubleSize);
        span[0] = (byte)FieldType.Double;
        BinaryPrimitives.WriteDoubleLittleEndian(span[1..], value);
        target.Advance(DoubleSize);
    }

    /// <summary>
    /// Appends the number that a text says, exactly; one that is whole and fits 64 bits as a whole number, so that each
    /// has one form. Not before format 2.
    /// </summary>
    /// <param name="target">Where to; nothing is appended but where the number was read.</param>
    /// <param name="utf8">Digits with an optional sign, point and exponent, as in JSON.</param>
    public static NumberReading WriteNumber(IBufferWriter<byte> target, ReadOnlySpan<byte> utf8)
    {
        var reading = ExactNumber.Read(utf8, out var number);
        if (reading == NumberReading.Read)
            WriteNumber(target, number);
        return reading;
    }

    internal static void WriteNumber(IBufferWriter<byte> target, in ExactNumber number)
    {
        if (number.TryInt64(out var whole))
        {
            WriteInt64(target, whole);
            return;
        }

        WriteTag(target, FieldType.Number);
        number.Write(target);
    }

    /// <summary>Appends a text.</summary>
    public static void WriteText(IBufferWriter<byte> target, ReadOnlySpan<byte> utf8)
    {
        var span = target.GetSpan(1 + Varint.LengthMax + utf8.Length);
        span[0] = (byte)FieldType.Text;
        var p = 1 + Varint.Write(span[1..], (ulong)utf8.Length);
        utf8.CopyTo(span[p..]);
        target.Advance(p + utf8.Length);
    }

    /// <summary>Reads one field; one that lies beyond the last is missing.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no typed fields.</exception>
    internal static TypedValue Read(ReadOnlySpan<byte> fields, int index)
    {
        var position = 0;
        while (position < fields.Length)
        {
            var value = ReadNext(fields, ref position);
            if (index-- == 0)
                return value;
        }

        return default;
    }

    /// <summary>The bytes of the first <paramref name="count"/> fields; where there are fewer, of all.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no typed fields.</exception>
    internal static int LengthOf(ReadOnlySpan<byte> fields, int count)
    {
        var position = 0;
        while (position < fields.Length && count-- > 0)
            ReadNext(fields, ref position);
        return position;
    }

    /// <summary>Reads all of them.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no typed fields.</exception>
    internal static void Check(ReadOnlySpan<byte> fields)
    {
        var position = 0;
        while (position < fields.Length)
            ReadNext(fields, ref position);
    }

    /// <summary>Reads the field at <paramref name="position"/> and goes to the next.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no typed fields.</exception>
    internal static TypedValue ReadNext(ReadOnlySpan<byte> fields, scoped ref int position)
    {
        var type = (FieldType)fields[position++];
        switch (type)
        {
            case FieldType.Missing or FieldType.False or FieldType.True or FieldType.Composite:
                return new TypedValue(type);
            case FieldType.Int64:
                return new TypedValue(type, int64: Varint.ReadSigned(fields, ref position));
            case FieldType.Double:
                if (fields.Length - position < sizeof(double))
                    throw new MalformedBatchException("typed fields end in a number");
                position += sizeof(double);
                return new TypedValue(type, number: BinaryPrimitives.ReadDoubleLittleEndian(fields[(position - sizeof(double))..]));
            case FieldType.Number:
                var start = position;
                ExactNumber.Read(fields, ref position);
                return new TypedValue(type, text: fields[start..position]);
            case FieldType.Text:
                var length = Varint.ReadLength(fields, ref position);
                position += length;
                return new TypedValue(type, text: fields.Slice(position - length, length));
            default:
                throw new MalformedBatchException($"a typed field of type {(byte)type}");
        }
    }

    static void WriteTag(IBufferWriter<byte> target, FieldType type)
    {
        target.GetSpan(1)[0] = (byte)type;
        target.Advance(1);
    }
}

/// <summary>What the text of a number was found to be.</summary>
public enum NumberReading
{
    /// <summary>A number that is held exactly.</summary>
    Read,

    /// <summary>No number.</summary>
    NotANumber,

    /// <summary>A number of more digits, or a higher or lower exponent, than are held.</summary>
    OutOfRange,
}
