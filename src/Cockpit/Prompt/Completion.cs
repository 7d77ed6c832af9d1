using AkkaJoin.Cockpit.Commands;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>What Tab makes of a line.</summary>
/// <param name="Start">Where the word starts that is completed.</param>
/// <param name="Candidates">What it can become, in order.</param>
sealed record Completion(int Start, IReadOnlyList<string> Candidates)
{
    /// <summary>What the word becomes: all that the candidates share, with a blank where there is one alone.</summary>
    internal string Shared => Candidates switch
    {
        [] => "",
        [var only] => CommandWords.Quote(only) + " ",
        _ => CommonStart(),
    };

    /// <summary>Completes a line.</summary>
    /// <param name="typed">The line as far as the cursor.</param>
    /// <param name="parser">Knows the commands.</param>
    /// <param name="joins">The names of joins, for arguments that name one.</param>
    internal static Completion Of(string typed, CommandParser parser, IReadOnlyList<string> joins)
    {
        var words = CommandWords.Typed(typed);
        var isNew = words.Count == 0 || char.IsWhiteSpace(typed[^1]);
        var before = words.Take(isNew ? words.Count : words.Count - 1).Select(word => word.Text).ToList();
        var word = isNew ? "" : words[^1].Text;
        var found = AllOf(before, word, parser, joins).Where(candidate => candidate.StartsWith(word, StringComparison.Ordinal));
        return new Completion(isNew ? typed.Length : words[^1].Start, [.. found.Distinct()]);
    }

    static IEnumerable<string> AllOf(List<string> before, string word, CommandParser parser, IReadOnlyList<string> joins)
    {
        if (before is [PromptCommands.Help, ..])
            return before.Count == 1 ? parser.Palettes : before.Count == 2 ? parser.Of(before[1]).Select(command => command.Name) : [];
        if (before.Count == 0)
            return [.. parser.Palettes, PromptCommands.Help, PromptCommands.Exit];
        if (before.Count == 1)
            return [.. parser.Of(before[0]).Select(command => command.Name), PromptCommands.Help];
        var command = parser.Commands.FirstOrDefault(known => known.Is(before[0], before[1]));
        return command is null ? [] : Arguments(command, before, word, joins);
    }

    static IEnumerable<string> Arguments(CommandReport command, List<string> before, string word, IReadOnlyList<string> joins)
    {
        IReadOnlyList<CommandParameter> all = [.. command.Parameters, .. PromptCommands.Common];
        if (before.Count > 2 && all.FirstOrDefault(known => $"--{known.Name}" == before[^1]) is { IsFlag: false } named)
            return Values(named, joins);
        var options = all.Where(known => !known.IsPositional || word.StartsWith('-'))
            .Select(known => $"--{known.Name}").Where(option => !before.Contains(option));
        return word.StartsWith('-')
            ? options
            : [.. Next(command, before) is { } next ? Values(next, joins) : [], .. options];
    }

    // The positional argument that comes next, by the words that are no options and no values of options.
    static CommandParameter? Next(CommandReport command, List<string> before)
    {
        var words = 0;
        for (var i = 2; i < before.Count; i++)
        {
            if (!before[i].StartsWith("--", StringComparison.Ordinal))
                words++;
            else if (HasValue(command, before[i]))
                i++;
        }

        return command.Parameters.Where(parameter => parameter.IsPositional).ElementAtOrDefault(words);
    }

    static bool HasValue(CommandReport command, string option) =>
        command.Parameters.Concat(PromptCommands.Common).FirstOrDefault(known => $"--{known.Name}" == option) is { IsFlag: false };

    static IEnumerable<string> Values(CommandParameter parameter, IReadOnlyList<string> joins) =>
        parameter.Name == CommandParameter.Join.Name ? joins : parameter.Words;

    string CommonStart()
    {
        var shared = Candidates[0];
        foreach (var candidate in Candidates)
        {
            var length = 0;
            while (length < Math.Min(shared.Length, candidate.Length) && shared[length] == candidate[length])
                length++;
            shared = shared[..length];
        }

        return shared;
    }
}
