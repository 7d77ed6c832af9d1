using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Memory;

public sealed class SlabPoolTests : IDisposable
{
    readonly string _directory = Path.Combine(Path.GetTempPath(), $"akkajoin-test-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Slabs_of_a_mapped_file_never_overlap_and_what_is_returned_is_used_again() => Seeds.Check(30, (random, _) =>
    {
        using var pool = new MappedSlabPool(_directory);
        var rented = new List<(Slab Slab, byte Mark)>();
        for (var i = 0; i < 400; i++)
        {
            if (random.Next(3) > 0)
            {
                var bytes = random.Next(1, 1 << random.Next(8, 21));
                var slab = pool.Rent(bytes);
                Assert.InRange(slab.Length, bytes, Math.Max(4096, 2 * bytes));
                rented.Add((slab, (byte)i));
                slab.Writable.Fill((byte)i);
            }
            else if (rented.Count > 0)
            {
                var at = random.Next(rented.Count);
                AssertHolds(rented[at].Slab, rented[at].Mark);
                pool.Return(rented[at].Slab);
                rented.RemoveAt(at);
            }
        }

        foreach (var (slab, mark) in rented)
        {
            AssertHolds(slab, mark);
            pool.Return(slab);
        }

        Assert.Equal(MappedSlabPool.ExtentLength, pool.Bytes);
    });

    [Fact]
    public void A_slab_that_is_larger_than_a_file_has_one_of_its_own()
    {
        using var pool = new MappedSlabPool(_directory);
        var slab = pool.Rent(MappedSlabPool.ExtentLength + 1);
        Assert.Equal(2 * MappedSlabPool.ExtentLength, slab.Length);
        Assert.Equal(3L * MappedSlabPool.ExtentLength, pool.Bytes);
        pool.Return(slab);
        Assert.Equal(MappedSlabPool.ExtentLength, pool.Bytes);
    }

    [Fact]
    public void Mapped_files_have_no_name_so_that_nothing_is_left_behind()
    {
        using var pool = new MappedSlabPool(_directory);
        if (!OperatingSystem.IsWindows())
            Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void A_directory_that_cannot_be_used_is_named()
    {
        Directory.CreateDirectory(_directory);
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");
        var refusal = Assert.Throws<StateException>(() => new MappedSlabPool(file));
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing is lost", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_returned_to_the_heap_is_kept_up_to_an_eighth_of_what_is_in_use_or_four_slabs()
    {
        const int Length = 256 * 1024;
        using var pool = new HeapSlabPool();
        var slabs = Enumerable.Range(0, 80).Select(_ => pool.Rent(Length)).ToList();
        Assert.Equal(80 * Length, pool.Bytes);
        foreach (var slab in slabs.Take(40))
            pool.Return(slab);
        Assert.InRange(pool.Bytes, 40 * Length, 45 * Length);
        foreach (var slab in slabs.Skip(40))
            pool.Return(slab);
        Assert.InRange(pool.Bytes, 0, 4 * Length);
    }

    [Fact]
    public void What_a_batch_will_meet_is_asked_of_the_disk_at_once_and_a_slab_as_a_whole_when_its_records_begin_to_go()
    {
        using var pool = new WatchedSlabPool();
        var group = new TestKeyGroup(Definitions.Of(JoinType.Inner, before: 0, after: 1_000), pool: pool);
        group.Event([new TestBatch(Side.Left, 0, 1, 0, 2, [new TestRecord("l1", Side.Left, "met", 100), new TestRecord("l2", Side.Left, "other", 100, Offset: 1)])]);
        Assert.Empty(pool.Asked);

        group.Event([new TestBatch(Side.Right, 0, 1, 0, 1, [new TestRecord("r1", Side.Right, "met", 200)])]);
        var (slab, from, length) = Assert.Single(pool.Asked);
        Assert.True(slab.Bytes[from..Math.Min(from + length, slab.Length)].IndexOf("met"u8) > 0);

        pool.Asked.Clear();
        group.Raise(left: null, right: 100_000);
        Assert.Equal((slab, 0), Assert.Single(pool.Asked.Select(asked => (asked.Slab, asked.From))));
    }

    [Fact]
    public void A_state_in_mapped_files_does_what_one_in_memory_does() => Seeds.Check(10, (random, seed) =>
    {
        var isAttribution = random.Next(2) == 0;
        using var pool = new MappedSlabPool(_directory);
        var scenario = new RandomCase(new Random(seed), isAttribution);
        var inMemory = new TestKeyGroup(scenario.Definition);
        var mapped = new KeyGroup(0, scenario.Definition, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits(), pool);
        mapped.Recovered();
        for (var i = 0; i < 30; i++)
            inMemory.Event(scenario.Batches(), scenario.Ticks());
        for (var i = 0; i < inMemory.Journal.Count; i++)
        {
            mapped.Apply(i + 1, inMemory.Journal[i]);
            mapped.Confirm(i + 1);
        }

        if (inMemory.Journal.Count > 0)
            Assert.Equal(inMemory.Group.TakeSnapshot(), mapped.TakeSnapshot());
        mapped.ReturnMemory();
        Assert.Equal(MappedSlabPool.ExtentLength, pool.Bytes);
    });

    static void AssertHolds(Slab slab, byte mark) => Assert.True(!slab.Bytes.ContainsAnyExcept(mark));
}
