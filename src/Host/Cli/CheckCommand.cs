using System.CommandLine;
using AkkaJoin.Pipeline.Engine.Live;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin check</c>: the configuration in force and where each value comes from, or all that is wrong with it.
/// </summary>
static class CheckCommand
{
    public static Verb Create()
    {
        var config = new ConfigOptions();
        var live = new Option<bool>("--live")
        {
            Description =
                "Ask the brokers and the journal's database too, and tell every problem that a start would meet; nothing is written",
        };
        var json = CommonOptions.Json();
        var verb = new Verb(
            "check",
            "Check a configuration file and show what is in force, with the origin of each value. Secrets are masked.",
            ["akkajoin check -c akkajoin.conf", "akkajoin check -c akkajoin.conf --live", "akkajoin check -c akkajoin.conf --json"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.Config);
        foreach (var option in config.All)
            verb.Add(option);
        verb.Add(live);
        verb.Add(json);
        verb.SetAction((result, output, _, _) => RunAsync(config.Read(result), result.GetValue(live), result.GetValue(json), output));
        return verb;
    }

    static async Task<int> RunAsync(ConfigChoice config, bool live, bool json, TextWriter output)
    {
        LoadedConfig loaded;
        try
        {
            loaded = config.Load();
        }
        catch (ConfigException e) when (json)
        {
            CheckReport.WriteJson(e.Problems, null, null, output);
            return e.ExitCode;
        }

        if (!json)
            CheckReport.WriteText(loaded, output);
        var findings = live ? await LiveCheck.RunAsync(loaded.Settings) : null;
        var errors = findings?.Where(f => f.Severity == LiveSeverity.Error).ToList() ?? [];
        if (json)
            CheckReport.WriteJson([], loaded, findings, output);
        else
            CheckReport.WriteEnd(findings, output);
        return errors.Count == 0 ? ExitCodes.Good
            : errors.TrueForAll(e => e.ExitCode == ExitCodes.Config) ? ExitCodes.Config : ExitCodes.Failed;
    }
}
