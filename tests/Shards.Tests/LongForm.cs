using System.Globalization;
using Xunit;

namespace AkkaJoin.Shards.Tests;

/// <summary>
/// The tests have two forms. The short one is for every change: it runs a quarter of the seeds and a sample of the mutants, and skips
/// what takes long, such as tests that start nodes and kill them. AKKAJOIN_TEST_LONG=1 asks for the long one, as .ci/run does.
/// </summary>
static class LongForm
{
    internal const string Variable = "AKKAJOIN_TEST_LONG";
    const int Whole = 1_000, Quarter = 250;

    /// <summary>Whether this is the long form.</summary>
    internal static bool IsOn { get; } = Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Why a long test is skipped; null in the long form.</summary>
    internal static string? Skip => IsOn ? null : $"takes long: {Variable}=1 runs it, as .ci/run does";

    /// <summary>
    /// How many seeds a test runs that has so many in the long form; AKKAJOIN_TEST_CASES says how many thousandths.
    /// </summary>
    internal static int Seeds(int all)
    {
        var text = Environment.GetEnvironmentVariable("AKKAJOIN_TEST_CASES");
        var given = int.TryParse(text, CultureInfo.InvariantCulture, out var thousandths);
        return (int)Math.Max(1, (long)all * (given ? thousandths : IsOn ? Whole : Quarter) / Whole);
    }

    /// <summary>All in the long form; otherwise the first, and every so many one after it.</summary>
    internal static IEnumerable<T> Sample<T>(IEnumerable<T> all, int every) => all.Where((_, i) => IsOn || i % every == 0);
}

/// <summary>A test of the long form.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = LongForm.Skip;
}
