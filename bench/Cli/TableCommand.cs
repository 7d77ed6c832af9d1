using System.CommandLine;
using System.CommandLine.Parsing;
using AkkaJoin.Bench.Floor;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Table;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>table</c>: the performance table from one command, or its short form for every change.</summary>
static class TableCommand
{
    const int EventsOfTable = 6_000_000;

    internal static Command Create()
    {
        var events = BenchOptions.Number("--events", $"Records in both topics together, {RatioOptions.EventsOfShort:N0} with --short.", EventsOfTable, 10_000, 99_999_999);
        var runs = BenchOptions.Number("--runs", "How often each row is measured.", 3, 1, 100);
        var only = Only();
        var seconds = BenchOptions.Number("--seconds", "How long the live load is measured, s.", 60, 1, 3_600);
        var peers = new Option<string[]>("--peers")
        {
            Description = "The systems of the row peers, as their harness names them; ks-rocksdb-left compares left joins.",
            HelpName = "SYSTEM,SYSTEM",
            CustomParser = Split,
            DefaultValueFactory = _ => ["ks-rocksdb", "flink-heap"],
        };
        var records = BenchOptions.Number("--state-records", "Records of the large state; the small one has a hundredth.", 10_000_000, 1_000_000, 50_000_000);
        var cgroup = new Option<string?>("--memory-cgroup")
        {
            Description = "A memory cgroup in which the benchmark may make one for a child, such as /sys/fs/cgroup; without it that row is not measured.",
            HelpName = "DIR",
        };
        var isShort = new Option<bool>("--short") { Description = "Only the inner join against a raw consume-and-produce loop, twice in turns; exit code 2 where it costs too much." };
        var ratioMax = new Option<double>("--ratio-max") { Description = "With --short: how many times the loop's CPU the join's may be.", DefaultValueFactory = _ => RatioOptions.DefaultRatioMax };
        var seed = BenchOptions.Seed();
        var (kafka, postgresql) = (BenchOptions.Kafka(), BenchOptions.Postgresql());
        return MeasuringCommand.Create(
            "table",
            "The performance table end to end: every row with its mark. Exit code 2 where rows of a join are not exact.",
            [events, runs, only, seconds, peers, records, cgroup, isShort, ratioMax, seed, kafka, postgresql],
            parsed => parsed.GetValue(isShort) ? RatioAsync(parsed) : TableAsync(parsed));

        async Task<BenchReport> RatioAsync(ParseResult parsed)
        {
            var count = parsed.GetResult(events) is { Implicit: false } ? parsed.GetValue(events) : RatioOptions.EventsOfShort;
            var options = new RatioOptions(count, parsed.GetValue(seed), parsed.GetValue(ratioMax), parsed.GetValue(kafka));
            return RatioReport.Of(await new RatioBenchmark(options, Console.Error).RunAsync());
        }

        async Task<BenchReport> TableAsync(ParseResult parsed)
        {
            var options = new TableOptions
            {
                Events = parsed.GetValue(events),
                Runs = parsed.GetValue(runs),
                Only = parsed.GetValue(only) is { Length: > 0 } rows ? rows : [.. TableGroups.All],
                Seconds = parsed.GetValue(seconds),
                Peers = parsed.GetValue(peers) ?? [],
                StateRecords = parsed.GetValue(records),
                MemoryCgroup = parsed.GetValue(cgroup),
                Seed = parsed.GetValue(seed),
                Kafka = parsed.GetValue(kafka),
                Postgresql = parsed.GetValue(postgresql),
            };
            return TableReport.Of(await new TableBenchmark(options, Console.Error).RunAsync());
        }
    }

    static Option<string[]?> Only()
    {
        var only = new Option<string[]?>("--only")
        {
            Description = $"Some rows alone: {string.Join(", ", TableGroups.All)}.",
            HelpName = "ROW,ROW",
            CustomParser = Split,
        };
        only.Validators.Add(result =>
        {
            var unknown = Split(result).Except(TableGroups.All).ToList();
            if (unknown.Count > 0)
                result.AddError($"--only: there is no {string.Join(" and no ", unknown)}; there are {string.Join(", ", TableGroups.All)}");
        });
        return only;
    }

    static string[] Split(SymbolResult result) =>
        [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
