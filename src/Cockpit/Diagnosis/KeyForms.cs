using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// How two keys differ that look as if they meant one thing; from the smallest difference to the largest.
/// </summary>
enum KeyDifference
{
    /// <summary>White space, or what cannot be seen, before or behind.</summary>
    WhiteSpace,

    /// <summary>Upper and lower case.</summary>
    Case,

    /// <summary>Two Unicode forms of one text.</summary>
    UnicodeForm,

    /// <summary>A number and a text, or two forms of a number: 7, 07, 7.0, eight bytes.</summary>
    NumberAgainstText,

    /// <summary>A part is a number in one key and a text in the other.</summary>
    PartType,

    /// <summary>A JSON text in quotes, and the text itself.</summary>
    Quotes,

    /// <summary>A schema registry's five bytes before the key.</summary>
    Framing,

    /// <summary>The same parts in another order.</summary>
    PartOrder,

    /// <summary>Several of these.</summary>
    Several,
}

/// <summary>Reduces keys to forms in which keys are equal that differ in one manner alone.</summary>
static class KeyForms
{
    const int FramingBytes = 5;
    const char Separator = '\u0001';

    /// <summary>The forms, from that of the smallest difference to that of the largest.</summary>
    internal static IReadOnlyList<(KeyDifference Difference, Func<byte[], string> Of)> All { get; } =
    [
        (KeyDifference.WhiteSpace, key => Join(Parts(key), Trim)),
        (KeyDifference.Case, key => Join(Parts(key), Fold)),
        (KeyDifference.UnicodeForm, key => Join(Parts(key), UnicodeForm.Of)),
        (KeyDifference.NumberAgainstText, key => Parts(key) is [var part] ? Number(part) : Exact(key)),
        (KeyDifference.PartType, key => Parts(key) is { Count: > 1 } parts ? Join([.. parts.Select(Untyped)], Number) : Exact(key)),
        (KeyDifference.Quotes, key => Join(Parts(key), Unquote)),
        (KeyDifference.Framing, key => Join(Parts(Unframe(key)), text => text)),
        (KeyDifference.PartOrder, key => Join([.. Parts(key).OrderBy(part => part.Text, StringComparer.Ordinal)], text => text)),
        (KeyDifference.Several, key => Several(key, without: null)),
    ];

    /// <summary>In which manners two keys differ that are equal once all of them are left out.</summary>
    internal static IReadOnlyList<KeyDifference> Between(byte[] left, byte[] right)
    {
        KeyDifference[] all =
        [
            KeyDifference.WhiteSpace, KeyDifference.Case, KeyDifference.UnicodeForm, KeyDifference.NumberAgainstText,
            KeyDifference.PartType, KeyDifference.Quotes, KeyDifference.Framing,
        ];
        var found = all.Where(one => Several(left, one) != Several(right, one));

        // A key that has no parts is bytes or a text.
        var hasParts = Parts(Unframe(left)).Count > 1;
        return [.. found.Select(one => one == KeyDifference.PartType && !hasParts ? KeyDifference.NumberAgainstText : one).Distinct()];
    }

    /// <summary>Whether a key is a text without characters that one cannot see.</summary>
    internal static bool IsText(ReadOnlySpan<byte> key)
    {
        if (!Utf8.IsValid(key))
            return false;
        foreach (var b in key)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
                return false;
        }

        return true;
    }

    // All manners but one are left out.
    static string Several(byte[] key, KeyDifference? without)
    {
        var parts = Parts(without == KeyDifference.Framing ? key : Unframe(key));
        return Join([.. without == KeyDifference.PartType ? parts : parts.Select(Untyped)], text =>
        {
            text = without == KeyDifference.Quotes ? text : Unquote(text);
            text = without == KeyDifference.WhiteSpace ? text : Trim(text);
            text = without == KeyDifference.UnicodeForm ? text : UnicodeForm.Of(text);
            text = without == KeyDifference.Case ? text : Fold(text);
            return without == KeyDifference.NumberAgainstText ? text : Number(text);
        });
    }

    static string Exact(byte[] key) => Join(Parts(key), text => text);

    static string Join(IReadOnlyList<KeyPart> parts, Func<string, string> form) =>
        string.Join(Separator, parts.Select(part => part.Kind + form(part.Text)));

    // Bytes that are no text stand for themselves, one character each.
    static List<KeyPart> Parts(byte[] key)
    {
        if (!IsText(key))
            return [new KeyPart('x', Encoding.Latin1.GetString(key))];
        if (key is [(byte)'[', .., (byte)']'] && Composite(key) is { } parts)
            return parts;
        return [new KeyPart('t', Encoding.UTF8.GetString(key))];
    }

    static List<KeyPart>? Composite(byte[] key)
    {
        try
        {
            using var document = JsonDocument.Parse(key);
            var parts = new List<KeyPart>();
            foreach (var part in document.RootElement.EnumerateArray())
            {
                if (part.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                    return null;
                var isText = part.ValueKind == JsonValueKind.String;
                parts.Add(isText ? new KeyPart('t', part.GetString()!) : new KeyPart('n', part.GetRawText()));
            }

            return parts;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static KeyPart Untyped(KeyPart part) => part.Kind == 'x' ? new KeyPart('t', Number(part)) : part with { Kind = 't' };

    static string Trim(string text)
    {
        var (from, to) = (0, text.Length);
        while (from < to && IsBlank(text[from]))
            from++;
        while (to > from && IsBlank(text[to - 1]))
            to--;
        return text[from..to];
    }

    static bool IsBlank(char c) =>
        char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control;

    static string Fold(string text) => text.ToUpperInvariant();

    static string Number(KeyPart part) => part.Kind == 'x' ? Number(Binary(part.Text)) : Number(part.Text);

    static string Number(string text) =>
        ExactNumber.Read(Encoding.UTF8.GetBytes(text), out var number) == NumberReading.Read ? number.ToString() : text;

    // As the serializers of Kafka's clients write numbers.
    static string Binary(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return bytes.Length switch
        {
            sizeof(int) => BinaryPrimitives.ReadInt32BigEndian(bytes).ToString(CultureInfo.InvariantCulture),
            sizeof(long) => BinaryPrimitives.ReadInt64BigEndian(bytes).ToString(CultureInfo.InvariantCulture),
            _ => text,
        };
    }

    static string Unquote(string text)
    {
        if (text is not ['"', .., '"'])
            return text;
        try
        {
            return JsonSerializer.Deserialize<string>(text) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    static byte[] Unframe(byte[] key) => key.Length > FramingBytes && key[0] == 0 ? key[FramingBytes..] : key;

    /// <summary>A part of a key: 't' a text, 'n' another JSON value, 'x' bytes that are no text.</summary>
    readonly record struct KeyPart(char Kind, string Text);
}
