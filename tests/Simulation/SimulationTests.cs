using System.Globalization;
using AkkaJoin.Simulation.World;
using Xunit;
using Xunit.Sdk;

namespace AkkaJoin.Simulation;

public sealed class SimulationTests
{
    const int Seeds = 1_000;

    [Fact]
    public void Whatever_is_lost_doubled_frozen_or_killed_the_rows_are_those_of_the_batch_join()
    {
        if (Number("AKKAJOIN_TEST_SEED") is { } only)
        {
            Assert.Null(SimulationRun.Failure(only, Flaw.None, out _, out _));
            return;
        }

        var mishaps = 0;
        var failures = new SortedDictionary<int, string>();
        var seeds = (int)Math.Max(1, (long)Seeds * (Number("AKKAJOIN_TEST_CASES") ?? 1000) / 1000);
        Parallel.For(1, seeds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            var failure = SimulationRun.Failure(seed, Flaw.None, out _, out var count);
            Interlocked.Add(ref mishaps, count);
            if (failure is null)
                return;
            lock (failures)
                failures[seed] = failure;
            loop.Break();
        });
        if (failures.Count > 0)
            throw new XunitException(failures.First().Value);
        Assert.True(mishaps > 5 * seeds, $"only {mishaps} mishaps in all: the world is too kind to prove anything");
    }

    [Fact]
    public void A_seed_gives_the_same_run_in_every_step()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            SimulationRun.Failure(seed, Flaw.None, out var first, out _);
            SimulationRun.Failure(seed, Flaw.None, out var second, out _);
            Assert.Equal(first, second);
        }
    }

    static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
