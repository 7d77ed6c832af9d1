namespace AkkaJoin.Pipeline.Hocon;

/// <summary>The characters of one text, with the line they are on.</summary>
sealed class Scanner(string text, string file)
{
    const char ByteOrderMark = '\uFEFF';

    int _position;

    /// <summary>The file as the user named it.</summary>
    public string File => file;

    /// <summary>The line of the next character, from 1.</summary>
    public int Line { get; private set; } = 1;

    public bool AtEnd => _position >= text.Length;

    /// <summary>Here.</summary>
    public HoconOrigin Origin => new(file, Line);

    /// <summary>The next character, or one <paramref name="ahead"/> of it; NUL beyond the end.</summary>
    public char Peek(int ahead = 0) => _position + ahead < text.Length ? text[_position + ahead] : '\0';

    /// <summary>Takes the next character. Not to be called at the end.</summary>
    public char Next()
    {
        var c = text[_position++];
        if (c == '\n') Line++;
        return c;
    }

    /// <summary>Takes <paramref name="expected"/> if it comes next.</summary>
    public bool TryTake(string expected)
    {
        if (!Starts(expected)) return false;
        foreach (var _ in expected) Next();
        return true;
    }

    /// <summary>Whether <paramref name="expected"/> comes next.</summary>
    public bool Starts(string expected) =>
        string.CompareOrdinal(text, _position, expected, 0, expected.Length) == 0;

    /// <summary>Whether a comment begins here.</summary>
    public bool AtComment => Peek() == '#' || (Peek() == '/' && Peek(1) == '/');

    /// <summary>Takes the white space of this line and returns it.</summary>
    public string TakeSpaces()
    {
        var from = _position;
        while (!AtEnd && IsSpace(Peek())) _position++;
        return text[from.._position];
    }

    /// <summary>Takes white space, line breaks and comments. Returns whether there was a line break.</summary>
    public bool SkipToContent()
    {
        var line = Line;
        while (!AtEnd)
        {
            if (AtComment) SkipLine();
            else if (Peek() == '\n' || IsSpace(Peek())) Next();
            else break;
        }

        return Line > line;
    }

    public HoconException Error(string problem) => new(problem, Origin);

    /// <summary>White space that does not end a line.</summary>
    public static bool IsSpace(char c) => c != '\n' && (char.IsWhiteSpace(c) || c == ByteOrderMark);

    void SkipLine()
    {
        while (!AtEnd && Peek() != '\n') _position++;
    }
}
