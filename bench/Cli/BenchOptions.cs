using System.CommandLine;

namespace AkkaJoin.Bench.Cli;

/// <summary>Options that several commands have.</summary>
static class BenchOptions
{
    internal static Option<int> Number(string name, string description, int value, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is var given && (given < min || given > max))
                result.AddError($"{name} is {given}: it is {min} to {max}");
        });
        return option;
    }

    internal static Option<int> Events() => Number("--events", "Records in both topics together.", 2_000_000, 10_000, 99_999_999);

    internal static Option<int> Seed() => Number("--seed", "The seed of the load.", 1, 0, int.MaxValue);

    internal static Option<string?> Kafka() => new("--kafka")
    {
        Description = "A broker that runs; otherwise AKKAJOIN_TEST_KAFKA names one, or ../shared/kafka is started.",
        HelpName = "HOST:PORT",
    };

    internal static Option<string?> Postgresql() => new("--postgresql")
    {
        Description = "Where initdb and postgres lie, of which a private server is started; otherwise the newest of /usr/lib/postgresql.",
        HelpName = "BIN_DIR",
    };

    internal static Option<string?> Json() => new("--json") { Description = "Write the figures to a JSON file, too.", HelpName = "FILE" };

    internal static Option<string?> Report() => new("--report") { Description = "Write the figures to a Markdown file, too.", HelpName = "FILE.md" };
}
