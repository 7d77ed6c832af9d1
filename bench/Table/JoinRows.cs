using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Measuring;
using static System.FormattableString;

namespace AkkaJoin.Bench.Table;

/// <summary>The rows that come of the bounded joins.</summary>
sealed class JoinRows(JoinRuns runs, TableOptions options)
{
    const double InnerMark = 6, PostgresqlMark = 7, TypesMark = 1.3;
    const string Start = "`akkajoin run --bounded` as a process of its own, user and system time from its start to its end";

    internal IEnumerable<TableRow> Rows()
    {
        if (options.Has(TableGroups.Inner))
            yield return Join(TableGroups.Inner, JoinKind.Inner, "process CPU per record, us: inner, SQLite", InnerMark, Start + "; synchronous = FULL; last run validated");
        if (options.Has(TableGroups.Postgresql))
            yield return Join(TableGroups.Postgresql, JoinKind.Postgresql, "the same, PostgreSQL", PostgresqlMark, "as above, the journal in a PostgreSQL of the benchmark's own; last run validated");
        if (options.Has(TableGroups.Types))
        {
            foreach (var kind in (JoinKind[])[JoinKind.Left, JoinKind.Full, JoinKind.Attribution])
                yield return Type(kind);
        }

        if (options.Has(TableGroups.Floor))
            yield return Floor();
    }

    TableRow Join(string group, JoinKind kind, string figure, double mark, string how)
    {
        var figures = runs.Of(kind);
        var broker = Beside("broker", figures.Select(r => r.BrokerCpuPerRecord));
        var postgresql = Beside("PostgreSQL", figures.Select(r => r.PostgresqlCpuPerRecord));
        var last = figures[^1];
        return new TableRow
        {
            Group = group,
            Figure = figure,
            Value = Spread.Of(figures.Select(r => r.CpuPerRecord)),
            Mark = mark,
            How = how,
            IsExact = runs.Validation(kind) is not { Exact: false },
            Beside = Invariant($"{postgresql}{broker}rows per record {last.RowsPerRecord:F3}, {last.RecordsPerSecond:N0} records a second, {last.PeakResidentBytes / 1048576.0:N0} MiB at most; validation: {ValidationFigures.Text(runs.Validation(kind))}"),
        };
    }

    TableRow Type(JoinKind kind)
    {
        var figures = runs.Of(kind);
        var us = Spread.Of(figures.Select(r => r.CpuPerRecord)).Median;
        return new TableRow
        {
            Group = TableGroups.Types,
            Figure = $"{kind.Type} against inner",
            Value = runs.AgainstInner(kind),
            Mark = TypesMark,
            How = "the same topics, in turns with inner; ratio of each turn; last run validated",
            IsExact = runs.Validation(kind) is not { Exact: false },
            Beside = Invariant($"{us:F2} us, {figures[^1].RowsPerRecord:F3} rows per record; validation: {ValidationFigures.Text(runs.Validation(kind))}"),
        };
    }

    TableRow Floor()
    {
        var us = Spread.Of(runs.Floors.Select(f => f.CpuPerRecord)).Median;
        var broker = Beside("broker", runs.Floors.Select(f => f.BrokerCpuPerRecord));
        return new TableRow
        {
            Group = TableGroups.Floor,
            Figure = "inner, SQLite against a raw consume-and-produce loop",
            Value = runs.InnerAgainstFloor(),
            How = "Confluent.Kafka reads the same topics and writes as many messages of the rows' size, a process of its own after each inner run",
            Beside = Invariant($"{broker}the loop {us:F2} us"),
        };
    }

    // Nothing, or the figure and what parts it from the next.
    static string Beside(string whose, IEnumerable<double?> values) =>
        Spread.OfKnown(values) is { } spread ? Invariant($"{whose} {spread.Median:F2} us, ") : "";
}
