using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

public class ConfirmationsTests
{
    [Fact]
    public void What_the_broker_says_of_an_event_confirms_no_event_of_the_same_number_by_another_incarnation()
    {
        var confirmations = new Confirmations();
        confirmations.Add(new UnconfirmedOutputs(5, "second", [1, 2, 3]));

        confirmations.Confirm("first", 5);
        Assert.Equal(3, confirmations.Bytes);
        Assert.False(confirmations.AreAhead);

        confirmations.Confirm("second", 5);
        Assert.Equal(0, confirmations.Bytes);
        Assert.True(confirmations.AreAhead);
    }
}
