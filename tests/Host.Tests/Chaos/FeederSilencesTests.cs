using AkkaJoin.Host.Chaos;
using AkkaJoin.Shards.Join;
using Xunit;

namespace AkkaJoin.Host.Tests.Chaos;

public sealed class FeederSilencesTests
{
    [Fact]
    public void Each_record_of_a_feeder_that_falls_silent_comes_once_and_in_the_order_of_its_side()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var silences = new FeederSilences(seed, 0, seconds: 60, perMinute: 6);
            var fed = new List<long>[] { [], [] };
            var kept = 0;
            for (var i = 0; i < 6_000; i++)
            {
                var second = i / 100.0;
                foreach (var due in silences.Due(second))
                    fed[(int)due.Side].Add(due.Time);
                var record = new ChaosRecord((Side)(i % 2), null, [], null, i);
                if (silences.Keeps(record, second))
                    kept++;
                else
                    fed[i % 2].Add(i);
            }

            foreach (var due in silences.Due(double.PositiveInfinity))
                fed[(int)due.Side].Add(due.Time);
            Assert.True(kept > 100, $"seed {seed} keeps {kept} records back");
            for (var side = 0; side < 2; side++)
                Assert.Equal(Enumerable.Range(0, 3_000).Select(n => (2L * n) + side), fed[side]);
        }
    }

    [Fact]
    public void Without_them_nothing_is_kept() =>
        Assert.False(FeederSilences.None.Keeps(new ChaosRecord(Side.Left, null, [], null, 0), 0));
}
