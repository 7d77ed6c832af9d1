using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Table;
using static System.FormattableString;

namespace AkkaJoin.Bench.Peers;

/// <summary>
/// The rows of the table that compare with others, each system in turn over the same broker in this run. Only ratios count: a machine that is twice as slow is
/// so for all of them.
/// </summary>
sealed class PeerTableRows(TableContext context, PeerHarness harness)
{
    const double CpuMark = 0.2, LiveMark = 1;
    const int LimitSeconds = 600;
    const int LiveEventsPerSecond = 15_000;
    const int WarmSeconds = 20;
    const string Ours = "akkajoin";
    const string LeftSuffix = "-left";

    readonly Dictionary<string, List<PeerRunFigures>> _runs = [];
    readonly Dictionary<string, List<PeerLiveFigures>> _live = [];

    internal static async Task<IReadOnlyList<TableRow>> MeasureAsync(TableContext context)
    {
        if (PeerHarness.Find(context.Broker, context.Directory.Root, out var missing) is { } harness)
            return await new PeerTableRows(context, harness).MeasureAsync();
        return [new TableRow { Group = TableGroups.Peers, Figure = "CPU and latency as a share of others'", Value = null, How = "the peers' harness", Beside = missing }];
    }

    async Task<IReadOnlyList<TableRow>> MeasureAsync()
    {
        var name = context.Name + "-peers";
        context.Say($"peers: filling {context.Options.Events:N0} records");
        await harness.FillAsync(name, context.Options.Events, context.Options.Seed);
        for (var turn = 1; turn <= context.Options.Runs; turn++)
        {
            await JoinAsync(name, "inner", turn);
            if (context.Options.Peers.Any(IsLeft))
                await JoinAsync(name, "left", turn);
            foreach (var system in context.Options.Peers)
                Add(_runs, system, turn, await harness.RunPeerAsync(name, system, LimitSeconds), f => $"{f.CpuPerRecord:F2} + {f.BrokerCpuPerRecord:F2} us, {f.Rows:N0} rows");
            await LiveAsync(turn);
        }

        return [.. context.Options.Peers.Select(CpuRow), .. context.Options.Peers.Select(MemoryRow), .. LivePeers().SelectMany(LiveRows)];
    }

    async Task JoinAsync(string name, string join, int turn)
    {
        var system = join == "left" ? Ours + LeftSuffix : Ours;
        var output = $"{name}-{system}-{turn}";
        var config = Config($"{name}-impressions", $"{name}-plays", join, "10m", output);
        var figures = await harness.RunCommandAsync(name, system, join == "left", output, LimitSeconds, Repository.Program, "run", "-c", config);
        Add(_runs, system, turn, figures, f => $"{f.CpuPerRecord:F2} + {f.BrokerCpuPerRecord:F2} us, {f.Rows:N0} rows of {f.Pairs:N0} pairs");
    }

    async Task LiveAsync(int turn)
    {
        var seconds = context.Options.Seconds + WarmSeconds;
        var name = $"{context.Name}-live-{Ours}-{turn}";
        var config = Config($"{name}-impressions", $"{name}-plays", "inner", "1m", name + "-out");
        Add(
            _live, Ours, turn,
            await harness.LiveCommandAsync(name, Ours, LiveEventsPerSecond, seconds, name + "-out", Repository.Program, "run", "-c", config), LiveText);
        foreach (var system in LivePeers())
            Add(_live, system, turn, await harness.LivePeerAsync($"{context.Name}-live-{system}-{turn}", system, LiveEventsPerSecond, seconds), LiveText);
    }

    // A live load says nothing new of a left join.
    IEnumerable<string> LivePeers() => context.Options.Peers.Where(p => !IsLeft(p));

    string Config(string impressions, string plays, string join, string window, string output)
    {
        var directory = Directory.CreateDirectory(Path.Combine(context.Directory.Root, output)).FullName;
        var file = Path.Combine(directory, "akkajoin.conf");
        var journal = $"journal = sqlite, sqlite.directory = \"{Path.Combine(directory, "journal")}\"";
        File.WriteAllText(file, JoinText.Of(context.Broker.Servers, impressions, plays, join, window, output, journal));
        return file;
    }

    TableRow CpuRow(string peer)
    {
        var (ours, theirs) = (_runs[IsLeft(peer) ? Ours + LeftSuffix : Ours], _runs[peer]);
        var last = theirs[^1];
        return new TableRow
        {
            Group = TableGroups.Peers,
            Figure = $"CPU of process and broker per record, as a share of {peer}",
            Value = Ratio(ours, theirs, f => f.Sum),
            Mark = CpuMark,
            How = "the peers' harness, in turns in this run; process from its start to the last row, broker between 40 and 95 % of the rows",
            Beside = Invariant($"AkkaJoin {Median(ours, f => f.CpuPerRecord):F2} + {Median(ours, f => f.BrokerCpuPerRecord):F2} us, {peer} {Median(theirs, f => f.CpuPerRecord):F2} + {Median(theirs, f => f.BrokerCpuPerRecord):F2} us; {peer} wrote {last.Rows:N0} rows, there are {last.Pairs:N0} pairs"),
        };
    }

    TableRow MemoryRow(string peer)
    {
        var (ours, theirs) = (_runs[IsLeft(peer) ? Ours + LeftSuffix : Ours], _runs[peer]);
        return new TableRow
        {
            Group = TableGroups.Peers,
            Figure = $"peak memory, as a share of {peer}",
            Value = Ratio(ours, theirs, f => f.PeakResidentMiB),
            How = "resident memory of the processes, the same runs",
            Beside = Invariant($"AkkaJoin {Median(ours, f => f.PeakResidentMiB):N0} MiB, {peer} {Median(theirs, f => f.PeakResidentMiB):N0} MiB"),
        };
    }

    IEnumerable<TableRow> LiveRows(string peer)
    {
        var (ours, theirs) = (_live[Ours], _live[peer]);
        const string How = "15,000 records a second; from handing the later record to its producer to the append of the row, after 20 s";
        yield return Row("latency p50", f => f.P50Ms, How, "ms");
        yield return Row("latency p99", f => f.P99Ms, How, "ms");
        yield return Row("CPU per record", f => f.CpuPerRecord, "the same load; user and system time of the processes", "us");

        TableRow Row(string figure, Func<PeerLiveFigures, double> of, string how, string unit) => new()
        {
            Group = TableGroups.Peers,
            Figure = $"live: {figure}, as a share of {peer}",
            Value = Ratio(ours, theirs, of),
            Mark = LiveMark,
            How = how,
            Beside = Invariant($"AkkaJoin {Median(ours, of):0.#} {unit}, {peer} {Median(theirs, of):0.#} {unit}"),
        };
    }

    void Add<T>(Dictionary<string, List<T>> all, string system, int turn, T figures, Func<T, FormattableString> text)
    {
        if (!all.TryGetValue(system, out var list))
            all[system] = list = [];
        list.Add(figures);
        context.Say($"turn {turn}, {system}: {Invariant(text(figures))}");
    }

    static FormattableString LiveText(PeerLiveFigures f) => $"live p50 {f.P50Ms:F0} ms, p99 {f.P99Ms:F0} ms, {f.CpuPerRecord:F1} us, {f.Rows:N0} rows";

    static bool IsLeft(string system) => system.EndsWith(LeftSuffix, StringComparison.Ordinal);

    static double Median<T>(List<T> figures, Func<T, double> of) => Spread.Of(figures.Select(of)).Median;

    static Spread Ratio<T>(List<T> ours, List<T> theirs, Func<T, double> of) => Spread.Of(ours.Zip(theirs, (a, b) => of(a) / of(b)));
}
