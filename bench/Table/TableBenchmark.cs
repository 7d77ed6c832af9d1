using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.CatchUp;
using AkkaJoin.Bench.Live;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.Peers;

namespace AkkaJoin.Bench.Table;

/// <summary>Measures the rows of the table one after the other.</summary>
sealed class TableBenchmark(TableOptions options, TextWriter progress)
{
    internal async Task<TableResult> RunAsync()
    {
        var began = DateTimeOffset.UtcNow;
        using var bench = BenchRun.Open(options.Kafka, progress);
        var context = new TableContext(options, bench);
        var rows = new List<TableRow>();
        var (postgresql, innerUs) = ((string?)null, (double?)null);
        if (options.Has(TableGroups.Inner, TableGroups.Postgresql, TableGroups.Types, TableGroups.Floor))
        {
            var runs = new JoinRuns(context);
            await runs.RunAsync();
            (postgresql, innerUs) = (runs.PostgresqlVersion, Spread.Of(runs.Of(JoinKind.Inner).Select(r => r.CpuPerRecord)).Median);
            rows.AddRange(new JoinRows(runs, options).Rows());
        }

        if (options.Has(TableGroups.Peers))
            rows.AddRange(await PeerTableRows.MeasureAsync(context));
        if (options.Has(TableGroups.Live))
            rows.AddRange(await LiveTableRows.MeasureAsync(context));
        if (options.Has(TableGroups.CatchUp))
            rows.AddRange(await CatchUpTableRows.MeasureAsync(context));
        if (options.Has(TableGroups.State))
            rows.AddRange(await new StateRows(context, innerUs).MeasureAsync());
        if (options.Has(TableGroups.Memory))
            rows.Add(await MemoryRow.MeasureAsync(context));
        return new TableResult
        {
            Versions = await Versions.OfAsync(bench.Broker, postgresql),
            Options = options,
            Began = began,
            Ended = DateTimeOffset.UtcNow,
            Rows = rows,
        };
    }
}
