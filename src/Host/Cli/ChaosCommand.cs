using System.CommandLine;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>chaos -c FILE</c>: the claim that nothing is lost and nothing doubled, on the user's own join, with processes
/// that die.
/// </summary>
static class ChaosCommand
{
    const double FaultsMax = 60;

    internal static Verb Create()
    {
        var arguments = new ChaosArguments();
        var verb = new Verb(
            "chaos",
            "Runs a join on nodes that it kills, freezes and stops by seed, and has DuckDB validate every row.",
            [
                "akkajoin chaos -c akkajoin.conf --minutes 2 --seed 7",
                "akkajoin chaos -c akkajoin.conf --embedded",
                "akkajoin chaos -c akkajoin.conf --start-kafka /opt/kafka --start-postgresql /usr/lib/postgresql/15/bin",
            ],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.NotExact,
            ExitCodes.Config);
        foreach (var option in arguments.All)
            verb.Add(option);
        verb.SetAction(async (parsed, output, _, _) =>
        {
            var options = arguments.Read(parsed);
            Check(options);
            return await new ChaosRun(options, output).RunAsync();
        });
        return verb;
    }

    static void Check(ChaosOptions options)
    {
        if (OperatingSystem.IsWindows())
            throw new UserException("chaos needs POSIX signals: it does not run on Windows", ExitCodes.Usage);
        Require(options.Minutes is > 0 and <= 7 * 24 * 60, $"--minutes must lie above 0 and be at most a week; it is {options.Minutes}");
        Require(
            options.Faults is > 0 and <= FaultsMax,
            $"--faults must lie above 0 and be at most {FaultsMax} a minute; it is {options.Faults}");
        Require(options.Nodes is >= 1 and <= 16, $"--nodes must be 1 to 16; it is {options.Nodes}");
        Require(options.Rate is >= 1 and <= 100_000, $"--rate must be 1 to 100000 events a second; it is {options.Rate}");
        Require(!options.Resume || options.Directory is not null, "--resume needs --directory: the run that is to go on");
        Require(
            !options.Embedded || (options.StartKafka ?? options.StartPostgresql) is null,
            "--embedded takes neither --start-kafka nor --start-postgresql");
        Require(!options.Embedded || !options.Resume, "--resume cannot go on with the embedded broker: its topics ended with the run");
        Require(
            !options.Embedded || options.Rate * options.Minutes * 60 <= ChaosOptions.EmbeddedEventsMax,
            $"the embedded broker holds {ChaosOptions.EmbeddedEventsMax} records: it drops the oldest silently above 5 MiB a partition; "
            + "take fewer --minutes, a lower --rate, or a real Kafka");
    }

    static void Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
            throw new UserException(FormattableString.Invariant(otherwise), ExitCodes.Usage);
    }

    static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new UserException(otherwise, ExitCodes.Usage);
    }
}
