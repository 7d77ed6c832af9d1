namespace AkkaJoin.Bench.Measuring;

/// <summary>Median, least and most of some runs.</summary>
readonly record struct Spread(double Median, double Min, double Max)
{
    internal static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
