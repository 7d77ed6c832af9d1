using System.Globalization;
using AkkaJoin.Shards.Tests;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;
using Xunit;
using Xunit.Sdk;

namespace AkkaJoin.Simulation;

public sealed class SimulationTests
{
    const int Seeds = 1_000, RepairSeeds = 400, JumpSeeds = 400, SilenceSeeds = 400, RestSeeds = 600, TogetherSeeds = 400;
    const Leaning Together = Leaning.Repair | Leaning.Jumps | Leaning.Silence | Leaning.Rest;

    // A run that lacks them proves nothing. Of a thousand seeds each has hundreds or thousands.
    static readonly string[] MustHappen =
    [
        "dies", "stands still", "is downed", "is started a second time", "event {0} is refused", "finds a hole, and begins again",
        "could not persist, and stops", "stops in order",
        "stops, though not all of its rows are confirmed", "takes the snapshot of event {0}", "segment {1} of snapshot {0} is durable",
        "segments of snapshots below {0} are deleted", "events through {0} are deleted",
        "commit of {0}/{1} is refused", "notices that its partitions are lost", "hears of a gap of {0} at {1}", "reads {0} from {1}", "the broker is away", "refuses a lie",
        "the tail of the outputs was read, {0} events are there", "the log of {0} begins at {1} now", "the join stops, since records were deleted",
        "the journal is rolled back by {0} ms, {1} events", "hears that event {0} is lost", "hears that a lie is no event",
        "ends, since the journal forgot a partition, and is to start again", "the join stops, since nobody knows where it began",
    ];

    static readonly string[] RestMustHappen =
    [
        "people let time rest, order {0}", "people wake the join, order {0}",
        "people pause a side, order {0}", "people resume a side, order {0}",
        "event {0} wakes in a step",
    ];

    [Fact]
    public void Whatever_is_lost_doubled_frozen_or_killed_the_rows_are_those_of_the_batch_join()
    {
        if (Number("AKKAJOIN_TEST_SEED") is { } only)
        {
            if (SimulationRun.Failure(only, Flaw.None, out _, Leans) is { } failure)
                throw new XunitException(failure);
            return;
        }

        var seeds = LongForm.Seeds(Seeds);
        var counts = Run(seeds, Leans);
        foreach (var thing in MustHappen)
            Assert.True(seeds < Seeds || counts.GetValueOrDefault(thing) > 10, $"'{thing}' happened {counts.GetValueOrDefault(thing)} times: the world is too kind to prove anything");

        // Another incarnation must take a whole snapshot between two chunks: rare, but there.
        Assert.True(seeds < Seeds || counts.GetValueOrDefault("finds a segment missing, and begins again") > 0);
        Assert.True(seeds < Seeds || counts.GetValueOrDefault("was overtaken while it recovered, and begins again") > 0);
    }

    [Fact]
    public void Where_records_come_late_the_rows_that_are_not_superseded_are_those_of_the_batch_join()
    {
        for (var seed = 1; seed <= LongForm.Seeds(RepairSeeds); seed++)
        {
            if (SimulationRun.Failure(seed, Flaw.None, out _, Leaning.Repair) is { } failure)
                throw new XunitException(failure);
        }
    }

    [Fact]
    public void Where_time_waits_at_jumps_the_rows_are_those_of_the_batch_join()
    {
        for (var seed = 1; seed <= LongForm.Seeds(JumpSeeds); seed++)
        {
            if (SimulationRun.Failure(seed, Flaw.None, out _, Leaning.Jumps) is { } failure)
                throw new XunitException(failure);
        }
    }

    [Fact]
    public void Where_people_pause_sides_and_let_time_rest_the_rows_are_those_of_the_batch_join()
    {
        var counts = new Dictionary<string, int>();
        for (var seed = 1; seed <= LongForm.Seeds(RestSeeds); seed++)
        {
            if (SimulationRun.Failure(seed, Flaw.None, out var history, Leaning.Rest) is { } failure)
                throw new XunitException(failure);
            foreach (var (thing, count) in history.Counts)
                counts[thing] = counts.GetValueOrDefault(thing) + count;
        }

        foreach (var thing in RestMustHappen)
            Assert.True(counts.GetValueOrDefault(thing) > 5, $"'{thing}' happened {counts.GetValueOrDefault(thing)} times");
    }

    [Fact]
    public void Where_partitions_fall_silent_the_rows_are_those_of_the_batch_join()
    {
        for (var seed = 1; seed <= LongForm.Seeds(SilenceSeeds); seed++)
        {
            if (SimulationRun.Failure(seed, Flaw.None, out _, Leaning.Silence) is { } failure)
                throw new XunitException(failure);
        }
    }

    [Fact]
    public void Where_all_of_these_come_together_the_rows_are_those_of_the_batch_join() =>
        Run(LongForm.Seeds(TogetherSeeds), Together);

    [Theory]
    [InlineData(1213, "the aligned watermark rises for a moment while a partition is at its log end")]
    [InlineData(1646, "records are deleted that a journal needs again after a rollback")]
    [InlineData(2999, "a consumer that stood still is stopped for records that the next owner of the partition has read")]
    [InlineData(4914, "an added partition has lost its first records before anybody read it")]
    [InlineData(5066, "a key group is told of a partition from below the log's first record on")]
    [InlineData(5623, "a router that found a partition forgotten makes ticks of it until the end of the step")]
    [InlineData(7229, "a rolled back journal is noticed by a router that has nothing new to tell")]
    [InlineData(271, "an answer to a lie is overtaken by a newer answer, and names a lower offset", (int)Leaning.Repair)]
    [InlineData(15, "a commit that waits ends with the reading that it is of, and nobody hands it on again", (int)(Leaning.Rollback | Leaning.Aftermath))]
    [InlineData(341, "time is closed over a journal of which nobody has noticed that it was rolled back", (int)(Leaning.Rollback | Leaning.Aftermath))]
    [InlineData(233, "time is closed while routers begin again that have just heard of a rollback", (int)(Leaning.Rollback | Leaning.Aftermath | Leaning.Silence))]
    [InlineData(274, "a log is cut above an origin before anybody has committed an offset", (int)Together)]
    public void A_seed_that_found_something_holds(int seed, string found, int leaning = 0)
    {
        if (SimulationRun.Failure(seed, Flaw.None, out _, (Leaning)leaning) is { } failure)
            throw new XunitException(found + "\n" + failure);
    }

    [Fact]
    public void A_seed_gives_the_same_run_in_every_step()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            SimulationRun.Failure(seed, Flaw.None, out var first);
            SimulationRun.Failure(seed, Flaw.None, out var second);
            Assert.Equal((first.Count, first.Hash), (second.Count, second.Hash));
        }
    }

    // Returns how often each thing happened.
    static Dictionary<string, int> Run(int seeds, Leaning leaning)
    {
        var counts = new Dictionary<string, int>();
        var failures = new SortedDictionary<int, string>();
        Parallel.For(1, seeds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            var failure = SimulationRun.Failure(seed, Flaw.None, out var history, leaning);
            lock (failures)
            {
                foreach (var (thing, count) in history.Counts)
                    counts[thing] = counts.GetValueOrDefault(thing) + count;
                if (failure is not null)
                    failures[seed] = failure;
            }

            if (failure is not null)
                loop.Break();
        });
        return failures.Count == 0 ? counts : throw new XunitException(failures.First().Value);
    }

    static Leaning Leans => (Leaning)(Number("AKKAJOIN_TEST_LEANING") ?? 0);

    static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
