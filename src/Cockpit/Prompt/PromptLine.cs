using AkkaJoin.Cockpit.Commands;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>What a line of the prompt asks for: a closed family.</summary>
abstract record PromptLine;

/// <summary>Nothing: an empty line, or one that begins with #.</summary>
sealed record EmptyLine : PromptLine;

/// <summary>The prompt ends.</summary>
sealed record ExitLine : PromptLine;

/// <summary>Help.</summary>
/// <param name="Palette">Of a palette; null = of all.</param>
/// <param name="Name">Of one command; null = of the palette.</param>
sealed record HelpLine(string? Palette, string? Name) : PromptLine;

/// <summary>A command is to be carried out.</summary>
/// <param name="Command">The command.</param>
/// <param name="Arguments">Its arguments, by the parameters' names.</param>
sealed record CommandLineCall(CommandReport Command, IReadOnlyDictionary<string, string> Arguments) : PromptLine
{
    /// <summary>Whether the result is to be shown as JSON.</summary>
    internal bool IsJson { get; init; }

    /// <summary>How long the answer may take; null = as the prompt was told.</summary>
    internal TimeSpan? Timeout { get; init; }
}
