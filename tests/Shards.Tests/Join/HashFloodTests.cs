using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>Whoever may write to a source topic chooses keys and ids, and so their stored hashes. They must not choose what they cost.</summary>
public sealed class HashFloodTests
{
    const int Records = 100_000, RecordsEach = 1_000;
    const uint Chosen = 0xFFFF_FFFF;

    [Fact]
    public void Keys_with_a_chosen_hash_are_made_in_no_time()
    {
        Assert.All(Enumerable.Range(0, 1_000), i => Assert.Equal(Chosen, (uint)KeyHash.Of(Forged(i))));
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(i => Convert.ToHexString(Forged(i))).Distinct().Count());
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("ids of one key")]
    [InlineData("ids without a key")]
    public void A_hundred_thousand_records_with_equal_stored_hashes_cost_what_spread_ones_cost(string what)
    {
        _ = Run(what, Spread);
        var spread = Run(what, Spread);
        var forged = Run(what, Forged);
        Assert.InRange(forged.Bytes, 1, 2 * spread.Bytes);

        // Ten times what it takes, for the machine may be busy. As it was, a thousand of them took longer.
        Assert.InRange(forged.Elapsed.TotalMilliseconds, 0, Math.Max(1_000, 10 * spread.Elapsed.TotalMilliseconds));
    }

    static (long Bytes, TimeSpan Elapsed) Run(string what, Func<int, byte[]> bytes)
    {
        using var pool = new HeapSlabPool();
        var group = new TestKeyGroup(Definitions.Of(JoinType.Inner, 0, 1_000_000, dedup: true), pool: pool).Group;
        var writer = new RecordBatchWriter();
        var elapsed = TimeSpan.Zero;
        for (var n = 0; n < Records;)
        {
            writer.Begin(n);
            for (var i = 0; i < RecordsEach; i++, n++)
                writer.Add(Record(what, n, bytes(n)));
            group.Offer(new Deliver(0, writer.End(Side.Left, 0, 0, 1, n, BatchHeader.NoWatermark, 0).ToArray()), group);
            elapsed += Apply(group);
        }

        Assert.Equal(Records, group.State!.Count);
        var held = group.State.TableBytes;
        group.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max), group);
        elapsed += Apply(group);
        Assert.Equal(0, group.State.Count);
        return (held, elapsed);
    }

    static TimeSpan Apply(KeyGroup group)
    {
        var bytes = group.NextEvent()!;
        var begin = ThreadTime.Now();
        group.Apply(group.Sequence + 1, bytes);
        return ThreadTime.Now() - begin;
    }

    static NewRecord Record(string what, int n, byte[] bytes)
    {
        var key = what == "keys" ? bytes : "one"u8.ToArray();
        return new NewRecord
        {
            Offset = n,
            Time = n,
            KeyHash = what == "ids without a key" ? 0 : KeyHash.Of(key),
            Key = key,
            KeyIsNull = what == "ids without a key",
            Id = what == "keys" ? Spread(n) : bytes,
            HasId = true,
        };
    }

    static byte[] Forged(int n) => ForgedHashes.KeyOf(((ulong)n << 32) | Chosen);

    static byte[] Spread(int n) => BitConverter.GetBytes((long)n);
}
