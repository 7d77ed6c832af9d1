namespace AkkaJoin.Cockpit.Prompt;

/// <summary>
/// Reads lines from a terminal, key by key. It writes nothing but text, blanks and carriage returns, so it works on
/// every terminal; a line that is wider than the terminal is shown in part.
/// </summary>
/// <param name="readKey">Waits for a key; Ctrl-C is one.</param>
/// <param name="screen">The terminal.</param>
/// <param name="width">Its columns.</param>
/// <param name="history">Earlier lines.</param>
/// <param name="complete">Completes a line, as far as its cursor.</param>
sealed class LineEditor(
    Func<ConsoleKeyInfo> readKey, TextWriter screen, Func<int> width, PromptHistory history, Func<string, Completion> complete)
{
    const int ColumnsMin = 20, CandidatesMax = 100;
    int _written;

    /// <summary>Reads a line and adds it to the history.</summary>
    /// <param name="prompt">Stands before it.</param>
    /// <returns>The line; empty after Ctrl-C; null after Ctrl-D on an empty line.</returns>
    internal string? Read(string prompt)
    {
        var line = new EditedText(history.Lines);
        _written = 0;
        while (true)
        {
            Draw(prompt, line);
            var key = readKey();
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    screen.WriteLine();
                    history.Add(line.Text.TrimEnd());
                    return line.Text;
                case ConsoleKey.C when isControl:
                    screen.WriteLine("^C");
                    return "";
                case ConsoleKey.D when isControl && line.Text.Length == 0:
                    screen.WriteLine();
                    return null;
                case ConsoleKey.Tab:
                    Complete(line);
                    break;
                default:
                    line.Apply(key);
                    break;
            }
        }
    }

    void Complete(EditedText line)
    {
        var completion = complete(line.BeforeCursor);
        if (completion.Candidates.Count == 0)
            return;
        var typed = line.BeforeCursor[completion.Start..];
        if (completion.Candidates.Count > 1 && completion.Shared.Length <= typed.Length)
            List(completion.Candidates);
        else
            line.Replace(completion.Start, completion.Shared);
    }

    void List(IReadOnlyList<string> candidates)
    {
        screen.WriteLine();
        screen.WriteLine(string.Join("  ", candidates.Take(CandidatesMax)) + (candidates.Count > CandidatesMax ? "  ..." : ""));
        _written = 0;
    }

    void Draw(string prompt, EditedText line)
    {
        var room = Math.Max(ColumnsMin, width() - prompt.Length - 1);
        var start = Math.Max(0, line.Cursor - room);
        var shown = line.Text[start..Math.Min(line.Text.Length, start + room)];
        screen.Write($"\r{prompt}{shown}{new string(' ', Math.Max(0, _written - shown.Length))}");
        screen.Write($"\r{prompt}{line.Text[start..line.Cursor]}");
        screen.Flush();
        _written = shown.Length;
    }
}
