using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// A verb of the program. Each has a class of its own with <c>static Verb Create()</c>, listed in
/// <see cref="CommandLine.Verbs"/>.
/// </summary>
sealed class Verb : Command
{
    /// <summary>A verb without options yet; add them, and <see cref="SetAction"/>.</summary>
    /// <param name="name">As typed.</param>
    /// <param name="description">One line.</param>
    /// <param name="examples">Whole command lines, shown by --help.</param>
    /// <param name="exitCodes">Of <see cref="ExitCodes"/>, shown by --help; wrong usage goes without saying.</param>
    public Verb(string name, string description, IReadOnlyList<string> examples, params int[] exitCodes)
        : base(name, description)
    {
        Examples = examples;
        ExitCodes = [.. exitCodes.Append(Host.ExitCodes.Usage).Distinct().Order()];
    }

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>What the verb may end with, in ascending order.</summary>
    public IReadOnlyList<int> ExitCodes { get; }

    /// <summary>
    /// What the verb does. It writes to the given writers alone, returns an exit code, and throws
    /// <see cref="Pipeline.UserException"/> for what the user can put right. Signals are its own affair: the token is
    /// not cancelled by them.
    /// </summary>
    public void SetAction(Func<ParseResult, TextWriter, TextWriter, CancellationToken, Task<int>> action) =>
        SetAction((result, cancellation) =>
            action(result, result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellation));
}

/// <summary>The usual help, followed by examples and exit codes.</summary>
sealed class VerbHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb) Describe(verb, parseResult.InvocationConfiguration.Output);
        return code;
    }

    static void Describe(Verb verb, TextWriter output)
    {
        output.WriteLine("Examples:");
        foreach (var example in verb.Examples) output.WriteLine($"  {example}");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach (var code in verb.ExitCodes) output.WriteLine($"  {ExitCodes.Describe(code)}");
        output.WriteLine();
    }
}
