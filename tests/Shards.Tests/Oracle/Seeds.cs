using System.Globalization;
using Xunit.Sdk;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>
/// Runs a property with many seeds. AKKAJOIN_TEST_SEED=n runs that one alone, AKKAJOIN_TEST_CASES=n says how many thousandths of the usual
/// number (1000) run.
/// </summary>
static class Seeds
{
    internal static void Check(int cases, Action<Random, int> property)
    {
        var scale = Number("AKKAJOIN_TEST_CASES") ?? 1000;
        if (Number("AKKAJOIN_TEST_SEED") is { } only)
        {
            property(new Random(only), only);
            return;
        }

        for (var seed = 1; seed <= Math.Max(1, (long)cases * scale / 1000); seed++)
        {
            try
            {
                property(new Random(seed), seed);
            }
            catch (Exception e)
            {
                throw new XunitException($"seed {seed} (run it alone with AKKAJOIN_TEST_SEED={seed}): {e.Message}", e);
            }
        }
    }

    static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
