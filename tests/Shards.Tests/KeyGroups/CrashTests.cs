using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

public sealed class CrashTests
{
    [Fact]
    public void Crashes_losses_and_repetitions_change_nothing() => Seeds.Check(1_500, (random, _) =>
    {
        var definition = Definitions.Random(random, random.Next(2) == 0, 1);
        if (random.Next(4) == 0)
            definition = Definitions.Repairing(definition, random, 1);
        var records = TimelyStreams.Records(random);
        var world = new CrashWorld(random, definition, records);
        for (var steps = random.Next(5, 80); steps > 0; steps--)
            world.Step();
        world.Finish();
        world.CheckAgainstReplay();
        Assert.Equal(BatchJoin.Rows(definition, records).Order(StringComparer.Ordinal), world.Rows.Order(StringComparer.Ordinal));
    });
}
