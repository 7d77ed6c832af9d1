using System.CommandLine;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary><c>-c FILE</c> and <c>--set KEY=VALUE</c>: which configuration a verb takes.</summary>
sealed class ConfigOptions
{
    /// <summary>The environment variable that names the file where the command line does not.</summary>
    internal const string Variable = "AKKAJOIN_CONFIG";

    /// <summary>The file that is taken where nothing names one.</summary>
    internal const string Standard = "akkajoin.conf";

    readonly Option<string?> _file = new("--config", "-c")
    {
        Description = $"The configuration file (HOCON); else {Variable}, else ./{Standard}",
        HelpName = "FILE",
    };

    readonly Option<string[]> _sets = new("--set")
    {
        Description = "Set a key over the file and the environment, such as akkajoin.flow.linger=5ms; may be given again",
        HelpName = "KEY=VALUE",
    };

    /// <summary>Both, in the order of the help.</summary>
    internal IReadOnlyList<Option> All => [_file, _sets];

    /// <summary>Whether the command line itself names a file.</summary>
    internal bool NamesFile(ParseResult parsed) => parsed.GetValue(_file) is not null;

    /// <summary>What was given.</summary>
    /// <exception cref="UserException">Nothing names a file, or an override is none.</exception>
    internal ConfigChoice Read(ParseResult parsed)
    {
        try
        {
            return new ConfigChoice(File(parsed.GetValue(_file)), ConfigOverrides.Text(parsed.GetValue(_sets) ?? []));
        }
        catch (FormatException e)
        {
            throw new UserException(e.Message, ExitCodes.Usage);
        }
    }

    static string File(string? given)
    {
        if (given is not null)
            return given;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return named;
        return System.IO.File.Exists(Standard)
            ? Standard
            : throw new UserException(
                $"no configuration is named: -c FILE is missing, {Variable} is not set, and there is no ./{Standard}", ExitCodes.Usage);
    }
}
