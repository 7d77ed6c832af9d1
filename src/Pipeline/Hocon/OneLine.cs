using System.Globalization;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>Keeps what users wrote from breaking the line of a message.</summary>
static class OneLine
{
    /// <summary>The text with control characters and line breaks written as escapes.</summary>
    public static string Of(string text) => text.Any(Breaks) ? string.Concat(text.Select(Shown)) : text;

    /// <summary>The text, or its beginning and three dots.</summary>
    public static string Beginning(string text, int characters) => text.Length <= characters ? text : $"{text.AsSpan(0, characters)}...";

    static bool Breaks(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';

    static string Shown(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when Breaks(c) => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
        _ => c.ToString(),
    };
}
