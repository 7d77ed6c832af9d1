namespace AkkaJoin.Cockpit.Prompt;

/// <summary>A line that is being typed, and where its cursor is. The keys are those of bash.</summary>
/// <param name="history">The lines that were typed before, the oldest first.</param>
sealed class EditedText(IReadOnlyList<string> history)
{
    int _shown = history.Count; // the line of the history; its count = the new one
    string _draft = "";

    /// <summary>The line.</summary>
    internal string Text { get; private set; } = "";

    /// <summary>The cursor stands before this character.</summary>
    internal int Cursor { get; private set; }

    /// <summary>The line as far as the cursor.</summary>
    internal string BeforeCursor => Text[..Cursor];

    /// <summary>Does what a key says. Keys that mean nothing do nothing.</summary>
    internal void Apply(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
            ApplyControl(key.Key);
        else if (!ApplyNamed(key.Key) && !char.IsControl(key.KeyChar))
            Replace(Cursor, key.KeyChar.ToString());
    }

    /// <summary>Puts a text in the place of what stands between a position and the cursor.</summary>
    internal void Replace(int start, string text)
    {
        Text = Text[..start] + text + Text[Cursor..];
        Cursor = start + text.Length;
    }

    bool ApplyNamed(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.LeftArrow:
                Cursor = Left();
                break;
            case ConsoleKey.RightArrow:
                Cursor = Right();
                break;
            case ConsoleKey.Home:
                Cursor = 0;
                break;
            case ConsoleKey.End:
                Cursor = Text.Length;
                break;
            case ConsoleKey.Backspace:
                Replace(Left(), "");
                break;
            case ConsoleKey.Delete:
                Delete();
                break;
            case ConsoleKey.UpArrow:
                Show(_shown - 1);
                break;
            case ConsoleKey.DownArrow:
                Show(_shown + 1);
                break;
            default:
                return false;
        }

        return true;
    }

    void ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                Cursor = 0;
                break;
            case ConsoleKey.E:
                Cursor = Text.Length;
                break;
            case ConsoleKey.B:
                Cursor = Left();
                break;
            case ConsoleKey.F:
                Cursor = Right();
                break;
            case ConsoleKey.LeftArrow:
                Cursor = WordStart();
                break;
            case ConsoleKey.D:
                Delete();
                break;
            case ConsoleKey.H:
                Replace(Left(), "");
                break;
            case ConsoleKey.K:
                Text = BeforeCursor;
                break;
            case ConsoleKey.U:
                Replace(0, "");
                break;
            case ConsoleKey.W:
                Replace(WordStart(), "");
                break;
            case ConsoleKey.P:
                Show(_shown - 1);
                break;
            case ConsoleKey.N:
                Show(_shown + 1);
                break;
        }
    }

    void Show(int line)
    {
        if (line < 0 || line > history.Count)
            return;
        if (_shown == history.Count)
            _draft = Text;
        _shown = line;
        Text = line == history.Count ? _draft : history[line];
        Cursor = Text.Length;
    }

    void Delete()
    {
        var (end, start) = (Right(), Cursor);
        Cursor = end;
        Replace(start, "");
    }

    // A character beyond 16 bits is two of a string's.
    int Left() => Cursor > 1 && char.IsLowSurrogate(Text[Cursor - 1]) ? Cursor - 2 : Math.Max(0, Cursor - 1);

    int Right() => Cursor < Text.Length - 1 && char.IsHighSurrogate(Text[Cursor]) ? Cursor + 2 : Math.Min(Text.Length, Cursor + 1);

    int WordStart()
    {
        var end = BeforeCursor.TrimEnd().Length;
        while (end > 0 && !char.IsWhiteSpace(Text[end - 1]))
            end--;
        return end;
    }
}
