using AkkaJoin.Cockpit.Live;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Live;

public sealed class DefinitionReportTests
{
    // A join that was there before wall-clock became the default keeps wait, and its partitions hold time back.
    [Fact]
    public void What_a_running_join_keeps_is_told_and_not_what_is_configured()
    {
        var settings = SampleJoin.Settings();
        var configured = DefinitionBuilder.Build(settings, new TopicInfo("shown", 1, ""), new TopicInfo("played", 1, ""));
        var kept = configured with { Idle = IdlePolicy.Wait, IdleTimeoutMs = 7 };
        Assert.Equal(IdlePolicy.WallClock, ClusterJoin.DefinitionOf(settings, runs: null).IdlePolicy);
        var told = ClusterJoin.DefinitionOf(settings, kept);
        Assert.Equal((IdlePolicy.Wait, 7), (told.IdlePolicy, told.IdleTimeoutMs));
    }
}
