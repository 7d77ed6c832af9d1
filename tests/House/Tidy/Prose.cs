namespace AkkaJoin.House.Tests.Tidy;

/// <summary>The lines of a Markdown document, or of the comments of a source file, that somebody reads as text.</summary>
static class Prose
{
    /// <summary>The numbers, from 1 on, of the lines of prose that are longer; one that cannot be broken does not count.</summary>
    public static List<int> LongLines(IReadOnlyList<string> lines, int columns)
    {
        var found = new List<int>();
        var inCode = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            else if (!inCode && line.Length > columns && !IsTable(line) && !IsCode(line) && CanBeBroken(line, columns))
                found.Add(i + 1);
        }

        return found;
    }

    /// <summary>
    /// The numbers, from 1 on, of the lines of comments that are longer; samples of code, and what cannot be broken, do
    /// not count. A comment behind code belongs to the line of code.
    /// </summary>
    public static List<int> LongComments(IReadOnlyList<string> lines, int columns)
    {
        var found = new List<int>();
        var inCode = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (!line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                continue;
            inCode |= line.Contains("<code", StringComparison.Ordinal);
            if (!inCode && line.Length > columns && CanBeBroken(line.TrimStart(' ', '/'), columns))
                found.Add(i + 1);
            inCode &= !line.Contains("</code>", StringComparison.Ordinal);
        }

        return found;
    }

    static bool IsTable(string line) => line.TrimStart().StartsWith('|');

    static bool IsCode(string line) => line.StartsWith("    ", StringComparison.Ordinal) && !line.TrimStart().StartsWith("- ", StringComparison.Ordinal);

    static bool CanBeBroken(string line, int columns)
    {
        var text = line.TrimStart(' ', '-', '*', '>', '#');
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space >= 0 && (space < columns || text.TrimEnd().LastIndexOf(' ') > space);
    }
}
