using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

public sealed class HashIndexTests
{
    [Fact]
    public void The_index_holds_what_a_dictionary_of_lists_holds() => Seeds.Check(300, (random, _) =>
    {
        var index = new HashIndex();
        var model = new Dictionary<uint, List<int>>();
        // Few hashes, close together at the end of the table: long runs.
        var hashes = Enumerable.Range(0, 40).Select(_ => uint.MaxValue - ((uint)random.Next(3) << 26) - (uint)random.Next(4)).ToArray();
        var growing = random.Next(1, 400);
        for (var i = 0; i < growing * 2; i++)
        {
            var hash = hashes[random.Next(hashes.Length)];
            var list = model.TryGetValue(hash, out var found) ? found : model[hash] = [];
            if (random.Next(3) > 0 == i < growing)
            {
                list.Add(i);
                index.Add(hash, i);
            }
            else if (list.Count > 0)
            {
                var entry = list[random.Next(list.Count)];
                list.Remove(entry);
                index.RemoveAt(hash, SlotOf(index, hash, entry));
            }
        }

        Assert.Equal(model.Values.Sum(list => list.Count), index.Count);
        foreach (var (hash, list) in model)
            Assert.Equal(list.Order(), Entries(index, hash).Order());
    });

    [Fact]
    public void Slots_are_at_least_two_thirds_full_at_any_size()
    {
        var index = new HashIndex();
        for (var i = 1; i <= 300_000; i++)
        {
            index.Add((uint)i * 0x9E3779B1, i);
            if (i > 1_000)
                Assert.InRange(i * 8.0 / index.Bytes, 0.6, 0.9);
        }

        for (var i = 1; i <= 300_000; i++)
            Assert.Equal([i], Entries(index, (uint)i * 0x9E3779B1));
    }

    [Fact]
    public void A_table_that_is_empty_again_is_small_again()
    {
        var index = new HashIndex();
        var small = index.Bytes;
        for (var i = 0; i < 10_000; i++)
            index.Add((uint)i * 0x9E3779B1, i);
        for (var i = 0; i < 10_000; i++)
            index.RemoveAt((uint)i * 0x9E3779B1, index.First((uint)i * 0x9E3779B1));
        Assert.Equal(0, index.Count);
        Assert.Equal(small, index.Bytes);
    }

    [Fact]
    public void An_entry_is_replaced_in_its_slot()
    {
        var index = new HashIndex();
        index.Add(7, 1);
        index.SetEntry(7, index.First(7), 1_000_000);
        Assert.Equal([1_000_000], Entries(index, 7));
    }

    /// <summary>Which the seed keeps from happening; were it known, memory must not be what gives way.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(0x12345678u)]
    [InlineData(uint.MaxValue)]
    public void Equal_hashes_take_little_more_memory_than_spread_ones_and_are_found(uint hash)
    {
        foreach (var count in (int[])[50, 60, 1_000, 5_000])
        {
            var spread = new HashIndex();
            var equal = new HashIndex();
            var neighbours = new HashIndex();
            for (var i = 0; i < count; i++)
            {
                spread.Add((uint)i * 0x9E3779B1, i);
                equal.Add(hash, i);
                neighbours.Add(hash ^ (uint)(i & 0xFF), i);
            }

            Assert.InRange(equal.Bytes, 1, 3 * spread.Bytes);
            Assert.InRange(neighbours.Bytes, 1, 3 * spread.Bytes);
            Assert.Equal(Enumerable.Range(0, count), Entries(equal, hash).Order());
            Assert.Equal(Enumerable.Range(0, count).Where(i => (i & 0xFF) == 9), Entries(neighbours, hash ^ 9).Order());
            for (var i = 0; i < count; i++)
                equal.RemoveAt(hash, equal.First(hash));
            Assert.Equal(0, equal.Count);
        }
    }

    static List<int> Entries(HashIndex index, uint hash)
    {
        var entries = new List<int>();
        for (var slot = index.First(hash); slot >= 0; slot = index.Next(hash, slot))
            entries.Add(index.EntryAt(hash, slot));
        return entries;
    }

    static int SlotOf(HashIndex index, uint hash, int entry)
    {
        var slot = index.First(hash);
        while (index.EntryAt(hash, slot) != entry)
            slot = index.Next(hash, slot);
        return slot;
    }
}
