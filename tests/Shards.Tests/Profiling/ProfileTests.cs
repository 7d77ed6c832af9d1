using AkkaJoin.Shards.Profiling;
using Xunit;

namespace AkkaJoin.Shards.Tests.Profiling;

public sealed class ProfileTests
{
    [Fact]
    public void What_runs_within_another_stage_counts_for_the_inner_one_alone_and_a_sample_for_its_weight()
    {
        if (!OperatingSystem.IsLinux())
            return; // there is no clock of threads
        Profile.Start();
        var begin = ThreadClock.NowNs;
        using (Profile.Measure(ProfileStage.Commit))
        {
            Work(2_000_000);
            using (Profile.Measure(ProfileStage.Transport))
                Work(6_000_000);
        }

        var all = ThreadClock.NowNs - begin;
        var (outer, inner) = (Ns(ProfileStage.Commit), Ns(ProfileStage.Transport));
        Assert.InRange(inner, 6_000_000, all - 2_000_000);
        Assert.InRange(outer, 1_900_000, all - inner);

        using (Profile.Measure(ProfileStage.Produce))
        {
            Work(10_000_000);
            using (Profile.Sample(ProfileStage.Consume, 4))
                Work(2_000_000);
            using (Profile.Sample(ProfileStage.Consume, 0))
                Work(1_000_000);
        }

        // A sample of 2 ms stands for 8 ms, of which the outer stage has none: 13 ms less 8.
        Assert.InRange(Ns(ProfileStage.Consume), 8_000_000, 16_000_000);
        Assert.True(Ns(ProfileStage.Produce) < 10_000_000);
    }

    // Of the thread's CPU time, so that it does not matter what else the machine does.
    static void Work(long ns)
    {
        for (var until = ThreadClock.NowNs + ns; ThreadClock.NowNs < until;)
        {
        }
    }

    static long Ns(ProfileStage stage) => Profile.Of(stage).Ticks * TimeSpan.NanosecondsPerTick;
}
