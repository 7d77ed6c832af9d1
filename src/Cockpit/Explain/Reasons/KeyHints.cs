using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>Why two keys that are different bytes may have been meant to be equal.</summary>
static class KeyHints
{
    const int NumberMax = 64;

    /// <summary>The hint in a sentence; null = the keys have nothing in common.</summary>
    internal static string? Of(byte[] left, byte[] right)
    {
        var (hasLefts, hasRights) = (TryParts(left, out var lefts), TryParts(right, out var rights));
        if (hasLefts && hasRights)
            return OfParts(lefts, rights);
        if (hasLefts || hasRights)
            return $"the {(hasLefts ? "left" : "right")} key is a list of parts, the other is one value";
        return OfText(Encoding.UTF8.GetString(left), Encoding.UTF8.GetString(right));
    }

    /// <summary>
    /// A form in which keys that nearly equal each other are equal: without white space, case and Unicode form, numbers
    /// as numbers.
    /// </summary>
    internal static string Folded(byte[] key) => TryParts(key, out var parts)
        ? string.Join('\u0001', parts.Select(part => Fold(PartText(part))))
        : Fold(Encoding.UTF8.GetString(key));

    static string? OfParts(IReadOnlyList<JsonElement> left, IReadOnlyList<JsonElement> right)
    {
        if (left.Count != right.Count)
            return string.Create(CultureInfo.InvariantCulture, $"the left key has {left.Count} parts, the right key {right.Count}");
        for (var i = 0; i < left.Count; i++)
        {
            if (left[i].GetRawText() == right[i].GetRawText())
                continue;
            var hint = left[i].ValueKind != right[i].ValueKind
                ? $"is {Kind(left[i])} on the left and {Kind(right[i])} on the right"
                : OfText(PartText(left[i]), PartText(right[i]));
            return hint is null ? null : string.Create(CultureInfo.InvariantCulture, $"part {i + 1}: {hint}");
        }

        return null;
    }

    static string? OfText(string left, string right)
    {
        if (TryNumber(left, out var a) && TryNumber(right, out var b))
            return ExactNumber.Compare(a, b) == 0 ? "both are one number, written in two ways; keys are compared as bytes" : null;
        if (Unquoted(left) == right || left == Unquoted(right))
            return "one of them has quotes around it: a number or a name against its text";
        if (UnicodeForm.Of(left) == UnicodeForm.Of(right))
            return "they differ in Unicode form: one has composed characters, the other decomposed ones";
        if (WithoutSpace(left) == WithoutSpace(right))
            return "they differ in white space";
        if (string.Equals(left, right, StringComparison.OrdinalIgnoreCase))
            return "they differ in case";
        return Fold(left) == Fold(right) ? "they differ in case, white space or Unicode form" : null;
    }

    static string Kind(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => $"the text {part.GetRawText()}",
        JsonValueKind.Number => $"the number {part.GetRawText()}",
        _ => part.GetRawText(),
    };

    static string PartText(JsonElement part)
    {
        try
        {
            return part.ValueKind == JsonValueKind.String ? part.GetString()! : part.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return part.GetRawText(); // half of a surrogate pair
        }
    }

    static string Unquoted(string text) => text is ['"', .., '"'] && text.Length > 1 ? text[1..^1] : text;

    static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    static string Fold(string text) => TryNumber(Unquoted(text).Trim(), out var number)
        ? number.ToString()
        : UnicodeForm.Of(WithoutSpace(Unquoted(text)).ToUpperInvariant());

    // A longer one is a text at once.
    static bool TryNumber(string text, out ExactNumber number)
    {
        number = default;
        return text.Length is > 0 and <= NumberMax
            && ExactNumber.Read(Encoding.UTF8.GetBytes(WithoutZeros(text)), out number) == NumberReading.Read;
    }

    // JSON has no leading zeros; a text that is meant as a number has.
    static string WithoutZeros(string text)
    {
        var zeros = text.TakeWhile((c, i) => c == '0' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])).Count();
        return text[zeros..];
    }

    static bool TryParts(byte[] key, out IReadOnlyList<JsonElement> parts)
    {
        parts = [];
        if (key is not [(byte)'[', .., (byte)']'])
            return false;
        try
        {
            using var document = JsonDocument.Parse(key);
            parts = [.. document.RootElement.EnumerateArray().Select(part => part.Clone())];
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
