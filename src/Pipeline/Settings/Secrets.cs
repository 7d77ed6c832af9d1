using System.Text.RegularExpressions;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Keeps passwords and keys out of everything that is printed, logged or journaled.</summary>
public static partial class Secrets
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Masked = "******";

    /// <summary>Whether the value of this key is a secret, by its name.</summary>
    public static bool IsSecret(string key) => SecretName().IsMatch(key);

    /// <summary>The value as it may be shown: nothing of a secret, and no password in a URL.</summary>
    public static string Mask(string key, string value) => IsSecret(key) && value.Length > 0 ? Masked : MaskUrls(value);

    /// <summary>The text with the password of every <c>scheme://user:password@host</c> in it masked.</summary>
    public static string MaskUrls(string text) => UrlPassword().Replace(text, $"$1{Masked}@");

    [GeneratedRegex(
        @"passw|secret|token|credential|pem|api[-_.]?key|key[-_.]string|connection-?string(?!-file)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // The last @ before the path ends the password, which may hold one itself.
    [GeneratedRegex(@"(\w+://[^\s/:@]*:)[^\s/]+@", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPassword();
}
