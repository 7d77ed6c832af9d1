using System.Text;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>Reads dotted keys: <c>a.b."c.d"</c>.</summary>
static class Paths
{
    /// <summary>The elements of the key that comes next, one at least.</summary>
    /// <exception cref="HoconException">
    /// There is no key, or an element of it is empty or holds a reserved character.
    /// </exception>
    public static List<string> Read(Scanner scanner)
    {
        var elements = new List<string>();
        while (true)
        {
            elements.Add(ReadElement(scanner));
            if (elements[^1].Length > HoconLimits.KeyCharacters)
                throw scanner.Error($"an element of a key has more than {HoconLimits.KeyCharacters} characters");
            if (elements.Count > HoconLimits.Nesting) throw scanner.Error($"a key has more than {HoconLimits.Nesting} elements");
            if (scanner.Peek() != '.') return elements;
            scanner.Next();
        }
    }

    /// <summary>A path as a user would write it.</summary>
    public static string Show(IEnumerable<string> elements) => string.Join('.', elements.Select(ShowElement));

    static string ShowElement(string element) =>
        element.Length > 0 && element.All(c => char.IsLetterOrDigit(c) || c is '-' or '_') ? element : $"\"{element}\"";

    /// <summary>Everything up to a dot; white space counts where it stands between words.</summary>
    static string ReadElement(Scanner scanner)
    {
        var element = new StringBuilder();
        var any = false;
        var spaces = scanner.TakeSpaces();
        while (scanner.Peek() == '"' || (scanner.Peek() != '.' && Words.AtBare(scanner)))
        {
            if (any) element.Append(spaces);
            any = true;
            if (scanner.Peek() == '"') element.Append(Words.ReadQuoted(scanner));
            else element.Append(scanner.Next());
            spaces = scanner.TakeSpaces();
        }

        return any ? element.ToString() : throw Missing(scanner);
    }

    static HoconException Missing(Scanner scanner)
    {
        if (scanner.AtEnd || scanner.Peek() == '\n') return scanner.Error("a key is missing or ends with a dot");
        return scanner.Peek() == '.'
            ? scanner.Error("a key has an empty element; write \"\" if that is meant")
            : scanner.Error($"a key is expected before '{scanner.Peek()}'; in a key this character needs double quotes");
    }
}
