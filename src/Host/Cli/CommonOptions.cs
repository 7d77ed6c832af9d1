using System.CommandLine;

namespace AkkaJoin.Host.Cli;

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    /// <summary><c>-c FILE</c>, required.</summary>
    public static Option<string> Config() => new("--config", "-c")
    {
        Description = "The configuration file (HOCON)",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };
}
