using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

public sealed class DueHeapTests
{
    [Fact]
    public void The_lowest_comes_out_first() => Seeds.Check(300, (random, _) =>
    {
        var heap = new DueHeap(Comparer<int>.Default);
        var model = new SortedSet<int>();
        for (var i = random.Next(1, 600); i > 0; i--)
        {
            var number = random.Next(2_000);
            if (random.Next(3) > 0 && model.Add(number))
                heap.Push(number / 4, number); // several of one time
            if (random.Next(3) == 0 && model.Count > 0)
            {
                Assert.Equal(model.Min, heap.Lowest);
                Assert.Equal(model.Min, heap.Pop());
                model.Remove(model.Min);
            }
        }

        Assert.Equal(model.Count, heap.Count);
        foreach (var number in model)
            Assert.Equal(number, heap.Pop());
    });
}
