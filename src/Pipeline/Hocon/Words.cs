using System.Globalization;
using System.Text;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>Reads quoted and bare texts.</summary>
static class Words
{
    const string Reserved = "$\"{}[]:=,#`^?!@*&\\";

    /// <summary>Whether a bare text may hold the character that comes next.</summary>
    public static bool AtBare(Scanner scanner)
    {
        if (scanner.AtEnd || scanner.AtComment) return false;
        var c = scanner.Peek();
        if (c == '+') return scanner.Peek(1) != '=';
        return c != '\n' && c >= ' ' && !Scanner.IsSpace(c) && !Reserved.Contains(c, StringComparison.Ordinal);
    }

    /// <summary>A text in one or three double quotes; the scanner stands at the first.</summary>
    /// <exception cref="HoconException">It is not closed, or has an escape that does not exist.</exception>
    public static string ReadQuoted(Scanner scanner)
    {
        var begin = scanner.Origin;
        if (scanner.TryTake("\"\"\"")) return ReadTripleQuoted(scanner, begin);

        scanner.Next();
        var text = new StringBuilder();
        while (!scanner.AtEnd && scanner.Peek() != '\n')
        {
            var c = scanner.Next();
            if (c == '"') return text.ToString();
            text.Append(c == '\\' ? ReadEscape(scanner, begin) : c);
        }

        throw NeverClosed(begin);
    }

    /// <summary>Everything up to three quotes; of more than three the first ones belong to the text.</summary>
    static string ReadTripleQuoted(Scanner scanner, HoconOrigin begin)
    {
        var text = new StringBuilder();
        while (!scanner.AtEnd)
        {
            if (scanner.Starts("\"\"\"") && scanner.Peek(3) != '"')
            {
                scanner.TryTake("\"\"\"");
                return text.ToString();
            }

            text.Append(scanner.Next());
        }

        throw NeverClosed(begin);
    }

    static char ReadEscape(Scanner scanner, HoconOrigin begin)
    {
        if (scanner.AtEnd) throw NeverClosed(begin);
        var c = scanner.Next();
        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => ReadCodeUnit(scanner),
            _ => throw new HoconException($"a backslash in quotes must be doubled: \\\\{c}", begin),
        };
    }

    static char ReadCodeUnit(Scanner scanner)
    {
        var digits = string.Concat(Enumerable.Range(0, 4).Select(scanner.Peek));

        // .NET takes NULs at the end for nothing, and beyond the end of the text there are some.
        if (!digits.All(char.IsAsciiHexDigit)
            || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            throw scanner.Error("\\u needs four hexadecimal digits");
        for (var i = 0; i < 4; i++) scanner.Next();
        return (char)unit;
    }

    static HoconException NeverClosed(HoconOrigin begin) => new("the quote that begins here is never closed", begin);
}
