using System.CommandLine;
using AkkaJoin.Host.Chaos;

namespace AkkaJoin.Host.Cli;

/// <summary>The options of <c>chaos</c>, and what the user gave for them.</summary>
sealed class ChaosArguments
{
    const double MinutesDefault = 2, FaultsDefault = 4;

    readonly ConfigOptions _config = new();
    readonly Option<string?> _join = new("--join")
    {
        Description = "The join; needed where the file has several.",
        HelpName = "NAME",
    };
    readonly Option<double> _minutes = CommonOptions.Decimal("--minutes", "N", "How long faults go on.", MinutesDefault);
    readonly Option<int> _seed = CommonOptions.Number("--seed", "S", "Seed of the faults and of the made workload.", 1);
    readonly Option<int> _nodes = CommonOptions.Number(
        "--nodes", "N", "How many nodes, on loopback; with a SQLite journal it is always one.", ChaosOptions.NodesDefault);
    readonly Option<int> _rate = CommonOptions.Number("--rate", "N", "Events a second.", ChaosOptions.RateDefault);
    readonly Option<double> _faults = CommonOptions.Decimal("--faults", "N", "Faults a minute.", FaultsDefault);
    readonly Option<double> _silences = CommonOptions.Decimal(
        "--silences", "N", "How often a minute the feeder of a side falls silent, for 3 to 8 s; idle.policy is wall-clock then.", 0);
    readonly Option<string[]> _input = new("--input")
    {
        Description = "Feed these JSON lines instead of a made workload.",
        HelpName = "LEFT.jsonl RIGHT.jsonl",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };
    readonly Option<bool> _embedded = new("--embedded")
    {
        Description = "Use the embedded broker, which is never killed, one node and SQLite.",
    };
    readonly Option<string?> _kafka = new("--start-kafka")
    {
        Description = "Start, kill and restart a Kafka of this distribution.",
        HelpName = "DIR",
    };
    readonly Option<string?> _postgresql = new("--start-postgresql")
    {
        Description = "Start, kill and restart a PostgreSQL of these programs (initdb, postgres).",
        HelpName = "BIN_DIR",
    };
    readonly Option<string?> _directory = new("--directory")
    {
        Description = "Where journal, timeline and logs go; kept. Without it: a temporary one, kept if something failed.",
        HelpName = "DIR",
    };
    readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run of the directory." };
    readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>All of them, in the order of the help.</summary>
    internal IReadOnlyList<Option> All =>
    [
        .. _config.All, _join, _minutes, _seed, _nodes, _rate, _faults, _silences,
        _input, _embedded, _kafka, _postgresql, _directory, _resume, _json,
    ];

    /// <summary>What was given.</summary>
    internal ChaosOptions Read(ParseResult parsed)
    {
        var config = _config.Read(parsed);
        return new ChaosOptions(
            config.File,
            parsed.GetValue(_join),
            parsed.GetValue(_minutes),
            parsed.GetValue(_seed),
            parsed.GetValue(_nodes),
            parsed.GetValue(_rate),
            parsed.GetValue(_faults))
        {
            Overrides = config.Overrides,
            Silences = parsed.GetValue(_silences),
            Input = parsed.GetValue(_input) is [var left, var right] ? (left, right) : null,
            Embedded = parsed.GetValue(_embedded),
            StartKafka = parsed.GetValue(_kafka),
            StartPostgresql = parsed.GetValue(_postgresql),
            Directory = parsed.GetValue(_directory),
            Resume = parsed.GetValue(_resume),
            Json = parsed.GetValue(_json),
        };
    }
}
