namespace AkkaJoin.Pipeline.Hocon;

/// <summary>
/// Reads <c>include "f"</c>, <c>include file("f")</c>, <c>include required("f")</c>,
/// <c>include required(file("f"))</c>.
/// </summary>
static class IncludeStatement
{
    const string Word = "include";

    /// <summary>Whether the word include comes next and is no key.</summary>
    public static bool IsNext(Scanner scanner)
    {
        if (!scanner.Starts(Word)) return false;
        var ahead = Word.Length;
        while (Scanner.IsSpace(scanner.Peek(ahead))) ahead++;
        return scanner.Peek(ahead) == '"' || (ahead > Word.Length && char.IsAsciiLetter(scanner.Peek(ahead)));
    }

    /// <summary>The file it names, and whether that must exist.</summary>
    /// <exception cref="HoconException">It has another form.</exception>
    public static (string File, bool Required) Read(Scanner scanner)
    {
        var origin = scanner.Origin;
        scanner.TryTake(Word);
        scanner.TakeSpaces();
        var required = TryOpen(scanner, "required");
        var located = TryOpen(scanner, "file");
        if (scanner.Peek() != '"') throw Malformed(origin);
        var file = Words.ReadQuoted(scanner);
        if (located) Close(scanner, origin);
        if (required) Close(scanner, origin);
        return (file, required);
    }

    static bool TryOpen(Scanner scanner, string word)
    {
        if (!scanner.TryTake(word + "(")) return false;
        scanner.TakeSpaces();
        return true;
    }

    static void Close(Scanner scanner, HoconOrigin origin)
    {
        scanner.TakeSpaces();
        if (!scanner.TryTake(")")) throw Malformed(origin);
    }

    static HoconException Malformed(HoconOrigin origin) =>
        new("include takes a file in double quotes: include \"f\", include file(\"f\") or include required(file(\"f\"))", origin);
}
