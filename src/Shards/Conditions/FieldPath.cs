using System.Text;

namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// The text of a path into a JSON object: names separated by dots. A name that holds a dot, or anything but letters,
/// digits, '_', '-', '$' and '@' where a condition names it, stands in double quotes; a quote in it is doubled.
/// </summary>
static class FieldPath
{
    /// <summary>The names of a path, from the outermost object inwards.</summary>
    /// <exception cref="FormatException">A name is empty, or a quote is not closed.</exception>
    public static IReadOnlyList<string> Parse(string path)
    {
        var names = new List<string>();
        var position = 0;
        while (true)
        {
            var name = position < path.Length && path[position] == '"' ? ReadQuoted(path, ref position) : ReadPlain(path, ref position);
            names.Add(name);
            if (position == path.Length)
                return names;
            if (path[position++] != '.')
                throw new FormatException($"a dot is missing after the quoted name in the path '{path}'");
        }
    }

    /// <summary>
    /// The names of a path as a user writes it: what is a path of another language, and would find nothing here without
    /// a word, is refused.
    /// </summary>
    /// <exception cref="FormatException">It is no path, or one that is meant in another language.</exception>
    public static IReadOnlyList<string> ParseConfigured(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var names = new List<string>();
        var position = 0;
        while (true)
        {
            var isQuoted = position < path.Length && path[position] == '"';
            names.Add(isQuoted ? ReadQuoted(path, ref position) : ReadPlain(path, ref position));
            if (!isQuoted && (names[^1] == "$" || names[^1].AsSpan().ContainsAny("[]*'") || names[^1].Trim() != names[^1]))
            {
                throw new FormatException(
                    $"'{names[^1]}' in the path '{path}': names are separated by dots, without $, [0] or * (a field of such a name stands "
                    + $"in quotes: \"\\\"{names[^1]}\\\"\")");
            }

            if (position == path.Length)
                return names;
            if (path[position++] != '.')
                throw new FormatException($"a dot is missing after the quoted name in the path '{path}'");
        }
    }

    /// <summary>The path of these names; <see cref="Parse"/> gives them back.</summary>
    public static string Format(IEnumerable<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            if (text.Length > 0)
                text.Append('.');
            if (name.Length > 0 && name.All(IsPlain))
                text.Append(name);
            else
                text.Append('"').Append(name.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        return text.ToString();
    }

    internal static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '$' or '@';

    /// <summary>Reads the quoted name that begins at <paramref name="position"/>.</summary>
    /// <exception cref="FormatException">The quote is not closed.</exception>
    internal static string ReadQuoted(string text, ref int position)
    {
        var quote = text[position];
        var name = new StringBuilder();
        for (var i = position + 1; i < text.Length; i++)
        {
            if (text[i] != quote)
            {
                name.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == quote)
            {
                name.Append(text[i++]);
            }
            else
            {
                position = i + 1;
                return name.ToString();
            }
        }

        throw new FormatException($"a quote is not closed: {text[position..]}");
    }

    static string ReadPlain(string path, ref int position)
    {
        var end = path.IndexOf('.', position);
        if (end < 0)
            end = path.Length;
        if (end == position)
            throw new FormatException($"an empty name in the path '{path}'");
        var name = path[position..end];
        position = end;
        return name;
    }
}
