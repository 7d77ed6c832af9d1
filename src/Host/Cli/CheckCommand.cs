using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary><c>akkajoin check</c>: the configuration in force and where each value comes from, or all that is wrong with it.</summary>
static class CheckCommand
{
    public static Verb Create()
    {
        var config = new ConfigOptions();
        var json = CommonOptions.Json();
        var verb = new Verb(
            "check",
            "Check a configuration file and show what is in force, with the origin of each value. Secrets are masked.",
            ["akkajoin check -c akkajoin.conf", "akkajoin check -c akkajoin.conf --json"],
            ExitCodes.Good,
            ExitCodes.Config);
        foreach (var option in config.All)
            verb.Add(option);
        verb.Add(json);
        verb.SetAction((result, output, _, _) => Task.FromResult(Run(config.Read(result), result.GetValue(json), output)));
        return verb;
    }

    static int Run(ConfigChoice config, bool json, TextWriter output)
    {
        if (!json)
        {
            CheckReport.WriteText(config.Load(), output);
            return ExitCodes.Good;
        }

        try
        {
            CheckReport.WriteJson([], config.Load().Effective, output);
            return ExitCodes.Good;
        }
        catch (ConfigException e)
        {
            CheckReport.WriteJson(e.Problems, [], output);
            return e.ExitCode;
        }
    }
}
