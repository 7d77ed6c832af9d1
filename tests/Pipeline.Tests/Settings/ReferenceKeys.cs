using System.Text.RegularExpressions;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>
/// Reads a reference.conf by its lines, since comments are no values: one key a line, a brace at its end opens an
/// object.
/// </summary>
static partial class ReferenceKeys
{
    internal static IReadOnlyList<ReferenceKey> Read(string text)
    {
        var keys = new List<ReferenceKey>();
        var path = new List<string>();
        var comment = new List<string>();
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('#'))
            {
                comment.Add(line.TrimStart('#').Trim());
                continue;
            }

            if (Opens().Match(line) is { Success: true } opens)
            {
                path.Add(opens.Groups[1].Value);
                if (comment.Count > 0 && path.Count > 2)
                    keys.Add(new ReferenceKey(string.Join('.', path), "", string.Join(' ', comment)));
            }
            else if (line == "}")
            {
                path.RemoveAt(path.Count - 1);
            }
            else if (Sets().Match(line) is { Success: true } sets)
            {
                var value = sets.Groups[2].Success ? sets.Groups[2].Value.Trim() : "{}";
                keys.Add(new ReferenceKey(string.Join('.', [.. path, sets.Groups[1].Value]), Unquoted(value), string.Join(' ', comment)));
            }
            else if (line.Length > 0)
            {
                throw new FormatException($"'{line}' is no line of a reference.conf: one key a line");
            }

            comment.Clear();
        }

        return keys;
    }

    static string Unquoted(string value) =>
        value is ['"', .. var inner, '"'] && !inner.Contains('"', StringComparison.Ordinal) ? inner : value;

    [GeneratedRegex(@"^([\w.-]+)\s*\{$", RegexOptions.CultureInvariant)]
    private static partial Regex Opens();

    [GeneratedRegex(@"^([\w.-]+)\s*(?:\{\}|=\s*(.+))$", RegexOptions.CultureInvariant)]
    private static partial Regex Sets();
}

/// <summary>A key of a reference.conf as it is written there.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Value">The default as text; empty for an object that has a comment of its own.</param>
/// <param name="Comment">The comment above it, as one line.</param>
sealed record ReferenceKey(string Path, string Value, string Comment);
