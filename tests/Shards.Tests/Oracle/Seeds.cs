using System.Globalization;
using Xunit.Sdk;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Runs a property with as many seeds as <see cref="LongForm.Seeds"/> says; AKKAJOIN_TEST_SEED=n runs that one alone.</summary>
static class Seeds
{
    internal static void Check(int cases, Action<Random, int> property)
    {
        if (Number("AKKAJOIN_TEST_SEED") is { } only)
        {
            property(new Random(only), only);
            return;
        }

        for (var seed = 1; seed <= LongForm.Seeds(cases); seed++)
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
