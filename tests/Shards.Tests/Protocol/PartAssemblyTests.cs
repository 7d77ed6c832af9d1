using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.Protocol;

public sealed class PartAssemblyTests
{
    static readonly Deliver Large = new(3, [.. Enumerable.Range(0, (2 * DeliverPart.BytesMax) + 7).Select(i => (byte)(i % 251))]);

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public void Parts_make_the_message_in_whatever_order_they_come(int first, int second, int third)
    {
        var parts = DeliverPart.Split(Large, 1).ToArray();
        Assert.Equal(3, parts.Length);
        Assert.All(parts, part => Assert.InRange(part.Bytes.Length, 1, DeliverPart.BytesMax));
        var assembly = new PartAssembly(1 << 20);
        Assert.Null(assembly.Add("a", parts[first]));
        Assert.Null(assembly.Add("a", parts[second]));
        Assert.Equal(Large.Batches, assembly.Add("a", parts[third]));
        Assert.Equal(0, assembly.Bytes);
    }

    [Fact]
    public void A_part_that_comes_twice_counts_once()
    {
        var parts = DeliverPart.Split(Large, 1).ToArray();
        var assembly = new PartAssembly(1 << 20);
        Assert.Null(assembly.Add("a", parts[0]));
        Assert.Null(assembly.Add("a", parts[0]));
        Assert.Null(assembly.Add("a", parts[1]));
        Assert.Equal(Large.Batches, assembly.Add("a", parts[2]));
    }

    [Fact]
    public void Parts_of_two_senders_and_of_two_messages_do_not_mix()
    {
        var assembly = new PartAssembly(1 << 20);
        var first = DeliverPart.Split(Large, 1).ToArray();
        var again = DeliverPart.Split(Large, 2).ToArray();
        Assert.Null(assembly.Add("a", first[0]));
        Assert.Null(assembly.Add("b", first[1]));
        Assert.Null(assembly.Add("a", again[1]));
        Assert.Null(assembly.Add("a", again[2]));
        Assert.Null(assembly.Add("a", first[1]));
        Assert.Equal(Large.Batches, assembly.Add("a", first[2]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(3, 3)]
    [InlineData(-1, 3)]
    [InlineData(0, int.MaxValue)]
    [InlineData(0, DeliverPart.CountMax + 1)]
    public void A_part_that_no_sender_makes_is_refused_before_anything_is_allocated(int index, int count)
    {
        var assembly = new PartAssembly(1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedBatchException>(() => assembly.Add("a", new DeliverPart(3, 1, index, count, [1])));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(0, assembly.Bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(DeliverPart.BytesMax + 1)]
    public void A_part_without_bytes_or_with_too_many_is_refused(int length) => Assert.Throws<MalformedBatchException>(
        () => new PartAssembly(1 << 20).Add("a", new DeliverPart(3, 1, 0, 2, new byte[length])));

    [Fact]
    public void A_number_of_parts_costs_nothing_before_they_come()
    {
        var assembly = new PartAssembly(1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var message = 0; message < 100; message++)
            Assert.Null(assembly.Add("a", new DeliverPart(3, message, 0, DeliverPart.CountMax, [1])));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void However_small_the_parts_are_that_wait_they_stay_within_the_limit()
    {
        const int limit = 100_000;
        var assembly = new PartAssembly(limit);
        for (var message = 0; message < 50_000; message++)
            Assert.Null(assembly.Add("a", new DeliverPart(3, message, 0, 2, [1])));
        Assert.InRange(assembly.Bytes, 1, limit);
    }

    [Fact]
    public void What_does_not_become_whole_is_given_up_when_room_is_needed()
    {
        const int room = 2 * (DeliverPart.BytesMax + PartAssembly.MessageCost + PartAssembly.PartCost);
        var assembly = new PartAssembly(room);
        for (var message = 0; message < 100; message++)
        {
            Assert.Null(assembly.Add("a", DeliverPart.Split(Large, message).First()));
            Assert.InRange(assembly.Bytes, 0, room);
        }

        byte[]? whole = null;
        foreach (var part in DeliverPart.Split(Large, 1_000))
            whole = assembly.Add("a", part);
        Assert.Equal(Large.Batches, whole);
    }
}
