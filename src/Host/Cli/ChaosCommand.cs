using System.CommandLine;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Cli;

/// <summary><c>chaos -c FILE</c>: the claim that nothing is lost and nothing doubled, on the user's own join, with processes that die.</summary>
static class ChaosCommand
{
    const double MinutesDefault = 2, FaultsDefault = 4, FaultsMax = 60;

    internal static Verb Create()
    {
        var config = CommonOptions.Config();
        var join = new Option<string?>("--join") { Description = "The join; needed where the file has several.", HelpName = "NAME" };
        var minutes = CommonOptions.Decimal("--minutes", "N", "How long faults go on.", MinutesDefault);
        var seed = CommonOptions.Number("--seed", "S", "Seed of the faults and of the made workload.", 1);
        var nodes = CommonOptions.Number("--nodes", "N", "How many nodes, on loopback; with a SQLite journal it is always one.", ChaosOptions.NodesDefault);
        var rate = CommonOptions.Number("--rate", "N", "Events a second.", ChaosOptions.RateDefault);
        var faults = CommonOptions.Decimal("--faults", "N", "Faults a minute.", FaultsDefault);
        var input = new Option<string[]>("--input")
        {
            Description = "Feed these JSON lines instead of a made workload.", HelpName = "LEFT.jsonl RIGHT.jsonl", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true,
        };
        var embedded = new Option<bool>("--embedded") { Description = "Use the embedded broker, which is never killed, one node and SQLite." };
        var kafka = new Option<string?>("--start-kafka") { Description = "Start, kill and restart a Kafka of this distribution.", HelpName = "DIR" };
        var postgresql = new Option<string?>("--start-postgresql") { Description = "Start, kill and restart a PostgreSQL of these programs (initdb, postgres).", HelpName = "BIN_DIR" };
        var directory = new Option<string?>("--directory") { Description = "Where journal, timeline and logs go; kept. Without it: a temporary one, kept if something failed.", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run of the directory." };
        var json = CommonOptions.Json();
        var verb = new Verb(
            "chaos",
            "Runs a join on nodes that it kills, freezes and stops by seed, and has DuckDB judge every row.",
            [
                "akkajoin chaos -c akkajoin.conf --minutes 2 --seed 7",
                "akkajoin chaos -c akkajoin.conf --embedded",
                "akkajoin chaos -c akkajoin.conf --start-kafka /opt/kafka --start-postgresql /usr/lib/postgresql/15/bin",
            ],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.NotExact,
            ExitCodes.Config) { config, join, minutes, seed, nodes, rate, faults, input, embedded, kafka, postgresql, directory, resume, json };
        verb.SetAction(async (parsed, output, _, _) =>
        {
            var options = new ChaosOptions(
                parsed.GetRequiredValue(config), parsed.GetValue(join), parsed.GetValue(minutes), parsed.GetValue(seed), parsed.GetValue(nodes), parsed.GetValue(rate), parsed.GetValue(faults))
            {
                Input = parsed.GetValue(input) is [var left, var right] ? (left, right) : null,
                Embedded = parsed.GetValue(embedded),
                StartKafka = parsed.GetValue(kafka),
                StartPostgresql = parsed.GetValue(postgresql),
                Directory = parsed.GetValue(directory),
                Resume = parsed.GetValue(resume),
                Json = parsed.GetValue(json),
            };
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
        Require(options.Faults is > 0 and <= FaultsMax, $"--faults must lie above 0 and be at most {FaultsMax} a minute; it is {options.Faults}");
        Require(options.Nodes is >= 1 and <= 16, $"--nodes must be 1 to 16; it is {options.Nodes}");
        Require(options.Rate is >= 1 and <= 100_000, $"--rate must be 1 to 100000 events a second; it is {options.Rate}");
        Require(!options.Resume || options.Directory is not null, "--resume needs --directory: the run that is to go on");
        Require(!options.Embedded || (options.StartKafka ?? options.StartPostgresql) is null, "--embedded takes neither --start-kafka nor --start-postgresql");
        Require(!options.Embedded || !options.Resume, "--resume cannot go on with the embedded broker: its topics ended with the run");
        Require(
            !options.Embedded || options.Rate * options.Minutes * 60 <= ChaosOptions.EmbeddedEventsMax,
            $"the embedded broker holds {ChaosOptions.EmbeddedEventsMax} records: it drops the oldest silently above 5 MiB a partition; take fewer --minutes, a lower --rate, or a real Kafka");
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
