using AkkaJoin.Host.Chaos;
using Xunit;

namespace AkkaJoin.Host.Tests.Chaos;

public sealed class FaultPlanTests
{
    static readonly FaultPlanRequest TwoMinutes = new(7, 120, 4, 3);

    [Fact]
    public void The_same_seed_gives_the_same_faults_and_another_seed_or_part_others()
    {
        var plan = FaultPlan.Make(TwoMinutes);

        Assert.Equal(plan, FaultPlan.Make(TwoMinutes));
        Assert.NotEqual(plan, FaultPlan.Make(TwoMinutes with { Seed = 8 }));
        Assert.NotEqual(plan, FaultPlan.Make(TwoMinutes with { Part = 1 }));
    }

    [Fact]
    public void Every_seed_has_at_least_four_faults_in_two_minutes_with_kills_among_them_in_the_order_of_time_within_the_run()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var plan = FaultPlan.Make(TwoMinutes with { Seed = seed });
            Assert.True(plan.Count >= 4);
            Assert.True(plan.Count(f => f.Kind == FaultKind.Kill) >= 4);
            Assert.Equal(plan.OrderBy(f => f.AtSeconds), plan);
            Assert.All(plan, f => Assert.InRange(f.AtSeconds, FaultPlan.WarmUpSeconds, 120));
            Assert.All(plan, f => Assert.InRange(f.Node, 0, 2));
        }
    }

    [Fact]
    public void Ten_faults_a_minute_kill_a_node_at_least_ten_times_in_two_minutes()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var plan = FaultPlan.Make(TwoMinutes with { Seed = seed, PerMinute = 10, Kafka = true, Postgresql = true });
            Assert.True(plan.Count(f => f.Kind == FaultKind.Kill) >= 10);
        }
    }

    [Fact]
    public void Broker_and_database_are_killed_in_turn_where_they_are_ours_and_never_else()
    {
        var ours = FaultPlan.Make(TwoMinutes with { Seconds = 1_200, PerMinute = 10, Kafka = true, Postgresql = true });
        FaultKind[] services = [FaultKind.KafkaKill, FaultKind.PostgresqlKill, FaultKind.PostgresqlCrash];

        Assert.All(services, kind => Assert.Contains(ours, f => f.Kind == kind));
        Assert.DoesNotContain(FaultPlan.Make(TwoMinutes with { Seconds = 1_200, PerMinute = 10 }), f => services.Contains(f.Kind));
        Assert.DoesNotContain(
            FaultPlan.Make(TwoMinutes with { Seconds = 1_200, PerMinute = 10, Kafka = true }),
            f => f.Kind is FaultKind.PostgresqlKill or FaultKind.PostgresqlCrash);
    }

    [Fact]
    public void A_frozen_node_is_left_alone_until_it_wakes_while_another_is_awake()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var plan = FaultPlan.Make(TwoMinutes with { Seed = seed, PerMinute = 10 });
            foreach (var freeze in plan.Where(f => f.Kind == FaultKind.Freeze))
            {
                Assert.InRange(freeze.FrozenSeconds, 2, 25);
                var during = plan.Where(f => f.AtSeconds > freeze.AtSeconds && f.AtSeconds < freeze.AtSeconds + freeze.FrozenSeconds).ToList();
                Assert.DoesNotContain(during, f => f.HitsNode && f.Node == freeze.Node && IsAnyAwake(plan, f));
            }
        }
    }

    [Fact]
    public void A_long_run_freezes_a_node_for_a_minute_once()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var plan = FaultPlan.Make(TwoMinutes with { Seed = seed, Seconds = FaultPlan.LongRunSeconds, PerMinute = seed % 2 == 0 ? 4 : 0.4 });
            Assert.Single(plan, f => f.FrozenSeconds >= 60);
        }
    }

    static bool IsAnyAwake(IReadOnlyList<Fault> plan, Fault at) => Enumerable.Range(0, 3).Any(node => !plan.Any(f =>
        f.Kind == FaultKind.Freeze && f.Node == node && f.AtSeconds < at.AtSeconds && f.AtSeconds + f.FrozenSeconds > at.AtSeconds));
}
