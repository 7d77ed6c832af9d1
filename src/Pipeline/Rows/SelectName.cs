using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Rows;

/// <summary>An entry of <c>output.select</c>: a field, and the name that it has in the row.</summary>
/// <param name="Field">Such as "left.a.b".</param>
/// <param name="Label">The name behind <c>as</c>; without it the field.</param>
readonly record struct SelectName(string Field, string Label)
{
    const string As = " as ";

    /// <summary>Reads <c>FIELD</c> or <c>FIELD as NAME</c>.</summary>
    /// <exception cref="FormatException">There is no name behind <c>as</c>.</exception>
    internal static SelectName Parse(string text)
    {
        var at = AsAt(text);
        if (at < 0)
            return new SelectName(text, text);
        var label = text[(at + As.Length)..].Trim();
        if (label.StartsWith('"'))
        {
            var position = 0;
            var quoted = FieldPath.ReadQuoted(label, ref position);
            label = position == label.Length ? quoted : "";
        }
        else if (label.AsSpan().ContainsAny(" \t\""))
        {
            label = "";
        }

        return label.Length > 0
            ? new SelectName(text[..at].TrimEnd(), label)
            : throw new FormatException($"'{text}': behind 'as' stands one name; one with blanks or quotes stands in quotes");
    }

    // Outside of quotes: a field may be named so.
    static int AsAt(string text)
    {
        var inQuotes = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                inQuotes = !inQuotes;
            else if (!inQuotes && string.Compare(text, i, As, 0, As.Length, StringComparison.OrdinalIgnoreCase) == 0)
                return i;
        }

        return -1;
    }
}
