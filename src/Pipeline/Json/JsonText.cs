using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace AkkaJoin.Pipeline.Json;

/// <summary>
/// JSON texts with the least escapes: quote, backslash and control characters alone (\b \t \n \f \r, others \u00xx), so
/// that one text has one form.
/// </summary>
static class JsonText
{
    static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 32)
        .Select(c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>Writes a text with its quotes.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="utf8">Valid UTF-8.</param>
    internal static void Write(IBufferWriter<byte> target, ReadOnlySpan<byte> utf8)
    {
        WriteByte(target, (byte)'"');
        while (true)
        {
            var plain = utf8.IndexOfAny(Special);
            if (plain < 0)
                break;
            target.Write(utf8[..plain]);
            WriteEscape(target, utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }

        target.Write(utf8);
        WriteByte(target, (byte)'"');
    }

    /// <summary>Writes bytes as a base64 text with its quotes.</summary>
    internal static void WriteBase64(IBufferWriter<byte> target, ReadOnlySpan<byte> bytes)
    {
        var span = target.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length) + 2);
        span[0] = (byte)'"';
        Base64.EncodeToUtf8(bytes, span[1..], out _, out var written);
        span[written + 1] = (byte)'"';
        target.Advance(written + 2);
    }

    internal static void WriteByte(IBufferWriter<byte> target, byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }

    internal static void WriteInt64(IBufferWriter<byte> target, long value)
    {
        Utf8Formatter.TryFormat(value, target.GetSpan(20), out var written);
        target.Advance(written);
    }

    /// <summary>Resolves the escapes of a text that a JSON reader found well-formed.</summary>
    /// <param name="escaped">The text without its quotes.</param>
    /// <param name="target">As long as the text at least.</param>
    /// <returns>The bytes written, or -1 where an escape is half of a surrogate pair, which has no UTF-8.</returns>
    internal static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target)
    {
        var written = 0;
        while (escaped.Length > 0)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
                plain = escaped.Length;
            escaped[..plain].CopyTo(target[written..]);
            written += plain;
            escaped = escaped[plain..];
            if (escaped.Length == 0)
                break;
            if (escaped[1] != 'u')
            {
                target[written++] = Simple(escaped[1]);
                escaped = escaped[2..];
            }
            else if (!TryReadRune(ref escaped, out var rune))
            {
                return -1;
            }
            else
            {
                written += rune.EncodeToUtf8(target[written..]);
            }
        }

        return written;
    }

    /// <summary>Whether an escaped text without its quotes means <paramref name="expected"/>.</summary>
    internal static bool UnescapesTo(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> expected)
    {
        // An escape takes at most six bytes for each that it means.
        if (escaped.Length < expected.Length || escaped.Length > 6L * expected.Length)
            return false;
        var rented = ArrayPool<byte>.Shared.Rent(escaped.Length);
        var length = Unescape(escaped, rented);
        var same = length >= 0 && rented.AsSpan(0, length).SequenceEqual(expected);
        ArrayPool<byte>.Shared.Return(rented);
        return same;
    }

    static bool TryReadRune(ref ReadOnlySpan<byte> escaped, out Rune rune)
    {
        var first = Hex(escaped[2..]);
        escaped = escaped[6..];
        if (Rune.TryCreate(first, out rune))
            return true;
        if (escaped.Length < 6 || escaped[0] != '\\' || escaped[1] != 'u' || !Rune.TryCreate(first, Hex(escaped[2..]), out rune))
            return false;
        escaped = escaped[6..];
        return true;
    }

    static char Hex(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits[..4], out ushort value, out _, 'x') ? (char)value : '\0';

    static byte Simple(byte escape) => escape switch
    {
        (byte)'b' => 8,
        (byte)'t' => 9,
        (byte)'n' => 10,
        (byte)'f' => 12,
        (byte)'r' => 13,
        _ => escape,
    };

    static void WriteEscape(IBufferWriter<byte> target, byte value)
    {
        var letter = value switch
        {
            8 => 'b',
            9 => 't',
            10 => 'n',
            12 => 'f',
            13 => 'r',
            < 32 => 'u',
            _ => (char)value,
        };
        var span = target.GetSpan(6);
        span[0] = (byte)'\\';
        span[1] = (byte)letter;
        if (letter != 'u')
        {
            target.Advance(2);
            return;
        }

        "00"u8.CopyTo(span[2..]);
        span[4] = (byte)(value < 16 ? '0' : '1');
        span[5] = "0123456789abcdef"u8[value & 15];
        target.Advance(6);
    }
}
