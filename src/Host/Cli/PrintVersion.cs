using System.CommandLine;
using System.CommandLine.Invocation;

namespace AkkaJoin.Host.Cli;

/// <summary>Prints the version of this assembly; that of the entry assembly would be another one where the program is embedded.</summary>
sealed class PrintVersion : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(CommandLine.Version);
        return ExitCodes.Good;
    }
}
