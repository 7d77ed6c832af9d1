using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AkkaJoin.Host.Cli;

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
