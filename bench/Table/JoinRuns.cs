using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Floor;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Nodes;

namespace AkkaJoin.Bench.Table;

/// <summary>The bounded joins over the same topics, in turns: what the machine does meanwhile befalls all of them alike.</summary>
sealed class JoinRuns(TableContext context)
{
    readonly Dictionary<JoinKind, List<RunFigures>> _runs = [];
    readonly Dictionary<JoinKind, ValidationFigures?> _validations = [];
    readonly List<FloorFigures> _floors = [];

    /// <summary>The version of the PostgreSQL that took part; null = none did.</summary>
    internal string? PostgresqlVersion { get; private set; }

    /// <summary>What the raw loop cost, turn by turn.</summary>
    internal IReadOnlyList<FloorFigures> Floors => _floors;

    /// <summary>The runs of a kind, turn by turn.</summary>
    internal IReadOnlyList<RunFigures> Of(JoinKind kind) => _runs[kind];

    /// <summary>What the validation said of the last run.</summary>
    internal ValidationFigures? Validation(JoinKind kind) => _validations[kind];

    /// <summary>Over the turns, the ratio to the inner join of the same turn.</summary>
    internal Spread AgainstInner(JoinKind kind) => Spread.Of(_runs[kind].Zip(_runs[JoinKind.Inner], (a, b) => a.CpuPerRecord / b.CpuPerRecord));

    /// <summary>Over the turns, the ratio of the inner join to the loop.</summary>
    internal Spread InnerAgainstFloor() => Spread.Of(_runs[JoinKind.Inner].Zip(_floors, (a, b) => a.CpuPerRecord / b.CpuPerRecord));

    /// <summary>Runs all kinds that the rows need.</summary>
    internal async Task RunAsync()
    {
        var options = context.Options;
        var kinds = Kinds().ToList();
        await using var database = kinds.Any(k => k.OnPostgresql) ? await Database.StartAsync(options.Postgresql, context.Directory) : null;
        PostgresqlVersion = database is null ? null : await database.VersionAsync();
        await using var topics = await LoadTopics.CreateAsync(context.Broker.Servers, context.Name + "-joins");
        context.Say($"filling: {options.Events:N0} records, seed {options.Seed}");
        topics.Fill(new LoadGenerator(options.Events, options.Seed, EndToEndBenchmark.StartMs(options.Events)));
        for (var turn = 1; turn <= options.Runs; turn++)
        {
            foreach (var kind in kinds)
                await RunAsync(kind, turn, topics, kind.OnPostgresql ? database : null);
        }
    }

    IEnumerable<JoinKind> Kinds()
    {
        yield return JoinKind.Inner;
        if (context.Options.Has(TableGroups.Postgresql))
            yield return JoinKind.Postgresql;
        if (!context.Options.Has(TableGroups.Types))
            yield break;
        yield return JoinKind.Left;
        yield return JoinKind.Full;
        yield return JoinKind.Attribution;
    }

    async Task RunAsync(JoinKind kind, int turn, LoadTopics topics, Database? database)
    {
        var name = $"{context.Name}-{kind.Name}-{turn}";
        var process = new JoinProcess(context.Broker, topics, kind.Type, name, context.Directory.Root, database);
        await topics.EnsureAsync(process.Outputs);
        var run = await process.RunAsync();
        if (!_runs.TryGetValue(kind, out var runs))
            _runs[kind] = runs = [];
        runs.Add(run);
        context.Say($"turn {turn}, {kind.Name}: {run.CpuPerRecord:F2} us of CPU per record, {run.WallSeconds:F1} s, {run.Rows:N0} rows");
        if (kind == JoinKind.Inner && context.Options.Has(TableGroups.Floor))
        {
            _floors.Add(await FloorProcess.RunAsync(context.Broker, topics, process, run, name + "-floor"));
            context.Say($"turn {turn}, raw loop: {_floors[^1].CpuPerRecord:F2} us of CPU per record");
        }

        if (turn == context.Options.Runs)
            _validations[kind] = await process.ValidateAsync();
        await process.ForgetAsync();
        await topics.DropAsync(process.Outputs);
    }
}
