using System.Globalization;

namespace AkkaJoin.Bench.Measuring;

/// <summary>Median, least and most of some runs.</summary>
readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>Of the values, at least one.</summary>
    internal static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>Of the values that are known; null where none is.</summary>
    internal static Spread? OfKnown(IEnumerable<double?> values) => values.OfType<double>().ToList() is { Count: > 0 } known ? Of(known) : null;

    /// <summary>Median (min to max).</summary>
    /// <param name="format">Of each number, such as F2.</param>
    /// <param name="note">What else the brackets say.</param>
    internal string Text(string format, string note = "") => $"{Text(Median, format)} ({Text(Min, format)} to {Text(Max, format)}{note})";

    /// <summary>A number as tables have it.</summary>
    internal static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
