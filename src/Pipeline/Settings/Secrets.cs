using System.Text;
using System.Text.RegularExpressions;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Keeps passwords and keys out of everything that is printed, logged or journaled.</summary>
public static partial class Secrets
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Masked = "******";

    const string Authority = "://";

    /// <summary>Whether the value of this key is a secret, by its name.</summary>
    public static bool IsSecret(string key) => SecretName().IsMatch(key);

    /// <summary>The value as it may be shown: nothing of a secret, and no password in a URL.</summary>
    public static string Mask(string key, string value) => IsSecret(key) && value.Length > 0 ? Masked : MaskUrls(value);

    /// <summary>The text with the password of every <c>scheme://user:password@host</c> in it masked.</summary>
    /// <remarks>By hand, in one pass: a regular expression tries each character as the beginning of a scheme, and takes the square of the time.</remarks>
    public static string MaskUrls(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? masked = null;
        var copied = 0;
        for (var at = text.IndexOf(Authority, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Authority, at + Authority.Length, StringComparison.Ordinal))
        {
            if (PasswordAt(text, at) is not var (from, to)) continue;
            masked ??= new StringBuilder(text.Length);
            masked.Append(text, copied, from - copied).Append(Masked);
            copied = to;
        }

        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();
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

    [GeneratedRegex(
        @"passw|secret|token|credential|pem|api[-_.]?key|key[-_.]string|connection-?string(?!-file)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();
}
