using System.CommandLine;
using AkkaJoin.Host.Demo;
using AkkaJoin.Pipeline;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Cli;

/// <summary><c>demo</c>: two topics joined and validated, with nothing to install.</summary>
static class DemoCommand
{
    internal static Verb Create()
    {
        var events = CommonOptions.Number(
            "--events", "N", $"Records in both topics together, at most {DemoOptions.EventsMax:N0}.", DemoOptions.EventsDefault);
        var seed = CommonOptions.Number("--seed", "S", "Seed of the workload.", 1);
        var join = CommonOptions.Word(
            "--join", "TYPE", "inner, left, right, full or attribution.", "inner", "left", "right", "full", "attribution");
        var crash = new Option<bool>("--crash")
        {
            Description = "Run the engine as a child process, kill it with SIGKILL in the middle and start it again.",
        };
        var keep = new Option<bool>("--keep") { Description = "Leave the directory with the configuration and the journal." };
        var stay = new Option<bool>("--stay")
        {
            Description = "Run on with records that keep coming, and print where the page is, until Ctrl-C.",
        };
        var json = CommonOptions.Json();
        var verb = new Verb(
            "demo",
            "Joins two topics of an embedded broker, kills the engine if asked to, and has DuckDB validate every row.",
            [
                "akkajoin demo",
                "akkajoin demo --join attribution --crash",
                "akkajoin demo --stay",
                "akkajoin demo --events 50000 --seed 7 --json",
            ],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.NotExact) { events, seed, join, crash, keep, stay, json };
        verb.SetAction(async (result, output, _, _) =>
        {
            var type = Enum.Parse<JoinType>(result.GetRequiredValue(join), ignoreCase: true);
            var options = new DemoOptions(
                result.GetValue(events),
                result.GetValue(seed),
                type,
                result.GetValue(crash),
                result.GetValue(json),
                result.GetValue(keep),
                result.GetValue(stay));
            if (options is { Stay: true, Json: true })
                throw new UserException("--stay prints where the page is, which --json has no room for: take one of them", ExitCodes.Usage);
            if (options.Events is < 1 or > DemoOptions.EventsMax)
            {
                throw new UserException(
                    $"--events {options.Events}: the embedded broker holds 1 to {DemoOptions.EventsMax:N0} records; "
                    + "it keeps 5 MiB a partition and drops the oldest silently above it. A larger run needs a real Kafka: "
                    + "akkajoin run -c FILE",
                    ExitCodes.Usage);
            }

            return await new DemoRun(options, output).RunAsync();
        });
        return verb;
    }
}
