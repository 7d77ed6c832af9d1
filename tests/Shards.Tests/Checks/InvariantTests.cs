using AkkaJoin.Shards.Checks;
using Xunit;

namespace AkkaJoin.Shards.Tests.Checks;

public class InvariantTests
{
#if CHECKED
    [Fact]
    public void A_breach_is_told_by_name_and_condition()
    {
        var count = -1;
        var breach = Assert.Throws<InvariantException>(() => Invariant.Holds(count >= 0, "nothing is counted below zero"));
        Assert.Equal("invariant broken: nothing is counted below zero (count >= 0)", breach.Message);
    }
#else
    [Fact]
    public void In_the_shipped_build_a_check_costs_nothing_not_even_its_condition() =>
        Invariant.Holds(((Func<bool>)(() => throw new InvalidOperationException("it was evaluated")))(), "never evaluated");
#endif
}
