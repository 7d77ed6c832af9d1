using System.Text;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>
/// The words of a command line, quoted as in a POSIX shell: 'as it is', "with \" and \\", and \ before any character.
/// Nothing is expanded.
/// </summary>
static class CommandWords
{
    /// <summary>The words of a whole line.</summary>
    /// <exception cref="CommandException">A quote is open at the end, or nothing follows a backslash.</exception>
    internal static string[] Split(string line)
    {
        var (words, problem) = Read(line);
        return problem is null ? [.. words.Select(word => word.Text)] : throw new CommandException(problem);
    }

    /// <summary>The words of a line that is being typed; the last one may still be open.</summary>
    internal static IReadOnlyList<TypedWord> Typed(string line) => Read(line).Words;

    /// <summary>A word as it must be typed.</summary>
    internal static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "_-+=:./@%,".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    static (IReadOnlyList<TypedWord> Words, string? Problem) Read(string line)
    {
        var words = new List<TypedWord>();
        var text = new StringBuilder();
        int? start = null;
        char? quote = null;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote is null && char.IsWhiteSpace(c))
            {
                if (start is { } from)
                    words.Add(new TypedWord(text.ToString(), from));
                start = null;
                text.Clear();
                continue;
            }

            start ??= i;
            if (c == quote)
                quote = null;
            else if (quote is null && c is '\'' or '"')
                quote = c;
            else if (c != '\\' || quote == '\'' || (quote == '"' && !IsEscape(line, i)))
                text.Append(c);
            else if (++i < line.Length)
                text.Append(line[i]);
            else
                return ([.. words, new TypedWord(text.ToString(), start.Value)], @"nothing follows the last \");
        }

        if (start is { } last)
            words.Add(new TypedWord(text.ToString(), last));
        return (words, quote is null ? null : $"the quote {quote} is not closed");
    }

    // Between double quotes a backslash stands for itself, but before what needs it.
    static bool IsEscape(string line, int at) => at + 1 < line.Length && line[at + 1] is '"' or '\\';
}

/// <summary>A word of a line.</summary>
/// <param name="Text">Without its quotes.</param>
/// <param name="Start">Where it starts in the line.</param>
sealed record TypedWord(string Text, int Start);
