using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Table;

/// <summary>Makes the rows of one group whose figures come of the same runs.</summary>
/// <param name="group">See <see cref="TableGroups"/>.</param>
/// <param name="runs">The runs, at least one.</param>
sealed class RowsOfRuns<TRun>(string group, IReadOnlyList<TRun> runs)
{
    /// <summary>A row of the table; see <see cref="TableRow"/>.</summary>
    internal TableRow Row(string figure, Func<TRun, double> value, double mark, string how, string beside = "", string format = "F2") => new()
    {
        Group = group,
        Figure = figure,
        Value = Spread.Of(runs.Select(value)),
        Mark = mark,
        How = how,
        Beside = beside,
        Format = format,
    };

    /// <summary>The median of a figure.</summary>
    internal double Median(Func<TRun, double> figure) => Spread.Of(runs.Select(figure)).Median;
}
