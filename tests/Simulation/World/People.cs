using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Simulation.World;

/// <summary>
/// People who ask something of the join while it runs: a pause of a side, a rest. In the end all is let go. They have a
/// random source of their own, so that a world is otherwise the one that it would be without.
/// </summary>
sealed class People(SimulatedWorld world)
{
    const int AsksEachMsMax = 700;
    readonly Random _random = new(world.Scenario.Seed * 17);

    internal FlowOrderStore Store { get; } = new(world.Catalog, "join");

    /// <summary>What is asked of the join's time, as the catalogue has it.</summary>
    internal TimeOrder Order => TimeOf(Store.Read());

    internal void Begin()
    {
        if (world.Scenario.Rests)
            world.Schedule.After(_random.Next(0, AsksEachMsMax), Ask);
    }

    /// <summary>All is let go.</summary>
    internal void LetGo()
    {
        if (Store.Read().HoldsAnything)
            Change("people let all go", _ => FlowOrder.None);
    }

    internal TimeOrder TimeOf(FlowOrder order) => order.Time(world.Scenario.Definition.Type == JoinType.Attribution);

    void Ask()
    {
        if (!world.Faulty)
            return;
        world.Schedule.After(_random.Next(0, AsksEachMsMax), Ask);
        if (!world.IsUpgraded)
            return;
        Side? side = world.Scenario.IsSelfJoin ? null : (Side)_random.Next(2);
        switch (_random.Next(6))
        {
            case < 2:
                Change("people let time rest", order => order with { Rest = new TimeRest(true) });
                break;
            case < 4:
                Change("people wake the join", order => order with { Rest = default });
                break;
            case 4:
                Change("people pause a side", order => order.With(side, new SidePause(true)));
                break;
            default:
                Change("people resume a side", order => order.With(side, default));
                break;
        }
    }

    void Change(string what, Func<FlowOrder, FlowOrder> change)
    {
        var before = Store.Read();
        var after = Store.Change(change, world.DatabaseClockMs);
        if (after != before)
            world.History.Note(-1, -1, what + ", order {0}", after.Number);
    }
}
