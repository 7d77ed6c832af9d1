using AkkaJoin.Cockpit.Commands;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>The arguments of one command line, as they are read.</summary>
/// <param name="command">The command.</param>
sealed class GivenArguments(CommandReport command)
{
    const string Option = "--";
    readonly IReadOnlyList<CommandParameter> _all = [.. command.Parameters, .. PromptCommands.Common];

    /// <summary>What was given, by name.</summary>
    internal Dictionary<string, string> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the words that follow a command.</summary>
    /// <exception cref="CommandException">They are no arguments of the command, or one is missing.</exception>
    internal void Read(IReadOnlyList<string> words)
    {
        var positional = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == Option)
            {
                positional.AddRange(words.Skip(i + 1));
                break;
            }

            if (words[i].StartsWith(Option, StringComparison.Ordinal))
                i += ReadOption(words[i][Option.Length..], i + 1 < words.Count ? words[i + 1] : null);
            else
                positional.Add(words[i]);
        }

        Assign(positional);
        if (command.Parameters.FirstOrDefault(parameter => parameter.IsRequired && !ByName.ContainsKey(parameter.Name)) is { } missing)
            throw new CommandException($"{missing.Name.ToUpperInvariant()} is missing ({missing.Help}): {PromptHelp.Usage(command)}");
    }

    // How many words it has beside its own.
    int ReadOption(string text, string? next)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var parameter = _all.FirstOrDefault(known => known.Name == name) ?? throw CommandParser.Unknown(
            $"'{command.Palette} {command.Name}' has no option '{Option}{name}'",
            Option + name,
            [.. _all.Select(known => Option + known.Name)]);
        if (parameter.IsFlag)
        {
            if (equals >= 0)
                throw new CommandException($"{Option}{name} has no value");
            Set(parameter, "true");
            return 0;
        }

        var value = equals >= 0 ? text[(equals + 1)..] : next;
        Set(parameter, value ?? throw new CommandException($"{Option}{name} needs a value: {parameter.Help}"));
        return equals >= 0 ? 0 : 1;
    }

    void Assign(List<string> words)
    {
        var open = command.Parameters.Where(parameter => parameter.IsPositional && !ByName.ContainsKey(parameter.Name)).ToList();
        if (words.Count > open.Count)
            throw new CommandException($"'{words[open.Count]}' is one word too many: {PromptHelp.Usage(command)}");

        // What may be left out gets a word only where enough are there for what is needed.
        var spare = words.Count - open.Count(parameter => parameter.IsRequired);
        var next = 0;
        foreach (var parameter in open)
        {
            if (next < words.Count && (parameter.IsRequired || spare-- > 0))
                Set(parameter, words[next++]);
        }
    }

    void Set(CommandParameter parameter, string value)
    {
        if (parameter.Words.Count > 0 && !parameter.Words.Contains(value))
            throw CommandParser.Unknown($"{parameter.Name} cannot be '{value}'", value, [.. parameter.Words]);
        if (!ByName.TryAdd(parameter.Name, value))
            throw new CommandException($"{Option}{parameter.Name} is given twice");
    }
}
