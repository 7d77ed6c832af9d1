using System.Text;
using System.Text.RegularExpressions;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Keeps passwords and keys out of everything that is printed, logged or journaled.</summary>
static partial class Secrets
{
    /// <summary>The text in place of a secret.</summary>
    public const string Masked = "******";

    const string Authority = "://";
    const string Joins = "akkajoin.joins.";
    const string Defaults = "akkajoin.join-defaults.";
    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace;

    static readonly char[] PartEnds = [';', '&', '\n'];

    /// <summary>Whether the value of this key is a secret, by its name. The name of a join does not count.</summary>
    public static bool IsSecret(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SecretName().IsMatch(key.StartsWith(Joins, StringComparison.Ordinal) ? WithoutName(key[Joins.Length..]) : key);
    }

    /// <summary>
    /// The value as it may be shown: nothing of a secret, and of any other value not what <see cref="MaskText"/> finds.
    /// </summary>
    public static string Mask(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (IsSecret(key) && value.Length > 0) return Masked;

        // A condition compares fields, and may well name one that is called token.
        return key.StartsWith(Joins, StringComparison.Ordinal) || key.StartsWith(Defaults, StringComparison.Ordinal)
            ? MaskUrls(value)
            : MaskText(value);
    }

    /// <summary>
    /// The text without the secrets that can be told by their form: passwords in URLs, <c>Password=...;</c> as in
    /// connection strings, the same with a colon as in headers and JSON, <c>--password ...</c> as on a command line,
    /// <c>Bearer ...</c>, and private keys.
    /// </summary>
    public static string MaskText(string text)
    {
        text = MaskUrls(text);
        StringBuilder? masked = null;
        var copied = 0;
        for (var match = SecretPart().Match(text); match.Success; match = SecretPart().Match(text, copied))
        {
            var from = match.Index + match.Length;
            masked ??= new StringBuilder(text.Length);
            masked.Append(text, copied, from - copied).Append(Masked);
            copied = EndOfPart(text, from, match.ValueSpan.EndsWith("-----"));
        }

        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();
    }

    // A value in quotes ends with the quote, another one with the line or where the next begins; where that is not
    // clear, nothing more is shown.
    static int EndOfPart(string text, int from, bool isPem)
    {
        var quote = from > 0 && text[from - 1] is '"' or '\'' ? text[from - 1] : '\0';
        var end = isPem ? text.IndexOf("-----END", from, StringComparison.Ordinal)
            : quote != '\0' ? text.IndexOf(quote, from)
            : text.IndexOfAny(PartEnds, from);
        return end < 0 ? text.Length : end;
    }

    static string WithoutName(string key)
    {
        var end = key.StartsWith('"') ? key.IndexOf('"', 1) + 1 : key.IndexOf('.', StringComparison.Ordinal);
        return end > 0 ? key[end..] : "";
    }

    /// <summary>The text with the password of every <c>scheme://user:password@host</c> in it masked.</summary>
    /// <remarks>
    /// By hand, in one pass: a regular expression tries each character as the beginning of a scheme, and takes the
    /// square of the time.
    /// </remarks>
    public static string MaskUrls(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? masked = null;
        var copied = 0;
        for (var at = Next(0); at >= 0; at = Next(at + Authority.Length))
        {
            if (PasswordAt(text, at) is not var (from, to)) continue;
            masked ??= new StringBuilder(text.Length);
            masked.Append(text, copied, from - copied).Append(Masked);
            copied = to;
        }

        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();

        int Next(int from) => text.IndexOf(Authority, from, StringComparison.Ordinal);
    }

    // The last @ before the path ends the password, which may hold one itself.
    static (int From, int To)? PasswordAt(string text, int authority)
    {
        if (authority == 0 || !(char.IsLetterOrDigit(text[authority - 1]) || text[authority - 1] == '_')) return null;
        var user = authority + Authority.Length;
        var from = user;
        while (from < text.Length && !char.IsWhiteSpace(text[from]) && text[from] is not ('/' or ':' or '@')) from++;
        if (from == text.Length || text[from] != ':') return null;
        var end = ++from;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] != '/') end++;
        var to = text.LastIndexOf('@', end - 1, end - from);
        return to > from ? (from, to) : null;
    }

    // No part of it may be repeated without bound: texts are long, and each character is tried as its beginning.
    const string Names = """
        passw|passphrase|(?<![a-z])pass(?![a-z])|pwd|secret|token|credential|pem(?![a-z])|cookie|jaas|dsn|private[-_.]?key|bearer[-_.]config|
        (?:api|access|account|shared|master|encryption|signing)[-_.]?key|key[-_.]string|connection-?string(?!-file)|auth(?![a-z])|authorization|signature
        """;

    [GeneratedRegex(Names, Options)]
    private static partial Regex SecretName();

    // The second is an option of a command line, the third a part of an HTTP header.
    [GeneratedRegex(
        $$"""
        (?:{{Names}})(?>[\w.-]{0,40})["']?\s{0,8}[=:]\s{0,8}["']?|
        (?<![\w-])--[\w-]{0,20}?(?:{{Names}})(?>[\w-]{0,40})\s{1,8}["']?|
        (?<!\w)bearer\s{1,8}(?=\S)|
        -----BEGIN\ [A-Z\ ]{0,20}PRIVATE\ KEY-----
        """,
        Options)]
    private static partial Regex SecretPart();
}
