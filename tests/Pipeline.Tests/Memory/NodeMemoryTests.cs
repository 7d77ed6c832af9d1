using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Memory;

public sealed class NodeMemoryTests
{
    const long MiB = 1 << 20;

    [Theory]
    [InlineData(89, "Normal")]
    [InlineData(90, "Near")]
    [InlineData(99, "Near")]
    [InlineData(100, "Full")]
    [InlineData(500, "Full")]
    public void Levels_begin_at_90_and_at_100_percent(long percent, string level)
    {
        using var memory = Memory(out var setup);
        setup.Local.Bytes[3] = percent * MiB;
        Assert.Equal(level, memory.Look().ToString());
    }

    [Fact]
    public void Levels_end_lower_than_they_begin()
    {
        using var memory = Memory(out var setup);
        Assert.Equal(
            [MemoryLevel.Full, MemoryLevel.Full, MemoryLevel.Near, MemoryLevel.Near, MemoryLevel.Normal, MemoryLevel.Normal],
            new long[] { 100, 97, 96, 85, 84, 89 }.Select(percent =>
            {
                setup.Local.Bytes[0] = percent * MiB;
                return memory.Look();
            }));
    }

    [Fact]
    public void A_join_that_is_held_says_so_at_85_percent_waits_from_95_on_and_the_wait_of_a_full_budget_does_not_run()
    {
        using var memory = Memory(out var setup, waitMs: 0);
        var join = memory.Add("j", setup, 0);
        Assert.Equal((false, MemoryLevel.Near), At(96));
        join.IsHeld = true;
        Assert.Equal((false, MemoryLevel.Normal), At(84));
        Assert.Equal((true, MemoryLevel.Normal), At(85));
        Assert.Equal((true, MemoryLevel.Near), At(94));
        Assert.Equal((true, MemoryLevel.Full), At(95));
        Assert.Equal((true, MemoryLevel.Full), At(93));
        Assert.Equal((true, MemoryLevel.Near), At(92));

        using var patient = Memory(out setup, waitMs: 50);
        join = patient.Add("j", setup, 0);
        join.IsHeld = true;
        setup.Local.Bytes[0] = 101 * MiB;
        for (var i = 0; i < 10; i++)
        {
            patient.Look();
            Assert.False(patient.IsStuck);
        }

        // Nobody holds a join that has ended.
        join.HasEnded = true;
        patient.Look();
        SpinWait.SpinUntil(() => patient.IsStuck);
        join.HasEnded = false;
        patient.Look();
        Assert.False(patient.IsStuck);
        join.IsHeld = false;
        patient.Look();
        SpinWait.SpinUntil(() => patient.IsStuck);

        (bool, MemoryLevel) At(long percent)
        {
            setup.Local.Bytes[0] = percent * MiB;
            return (memory.IsWorthSaying(join), memory.Look(join));
        }
    }

    [Fact]
    public void Records_count_unless_they_are_in_mapped_files()
    {
        using var inMemory = new NodeMemory(new MemorySettings { BudgetBytes = 100 * MiB });
        inMemory.Slabs.Rent((int)MiB);
        Assert.Equal(MiB, inMemory.Used);

        var directory = Directory.CreateTempSubdirectory("akkajoin-test-");
        using (var mapped = new NodeMemory(new MemorySettings { BudgetBytes = 100 * MiB, StateDirectory = directory.FullName }))
        {
            mapped.Slabs.Rent((int)MiB);
            Assert.Equal(0, mapped.Used);
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public void A_budget_that_is_used_up_for_too_long_is_told_from_one_that_is_just_used_up()
    {
        using var memory = Memory(out var setup, waitMs: 0);
        setup.Local.Bytes[0] = 99 * MiB;
        memory.Look();
        Assert.False(memory.IsStuck);
        setup.Local.Bytes[0] = 101 * MiB;
        memory.Look();
        SpinWait.SpinUntil(() => memory.IsStuck);
        setup.Local.Bytes[0] = 0;
        memory.Look();
        Assert.False(memory.IsStuck);
    }

    [Fact]
    public void The_description_names_joins_and_their_largest_key_groups()
    {
        using var memory = Memory(out var setup);
        setup.Local.Bytes[2] = 20 * MiB;
        setup.Local.SlabBytes[2] = 60 * MiB;
        setup.Local.SlabBytes[1] = 10 * MiB;
        Assert.Equal("join j 70 MiB of records and 20 MiB beside, most in the key groups 2 (80 MiB), 1 (10 MiB), 0 (0 MiB)", memory.Describe());
    }

    static NodeMemory Memory(out KeyGroupSetup setup, int waitMs = 60_000)
    {
        setup = new KeyGroupSetup(
            new JoinDefinition
            {
                Name = "j",
                Type = JoinType.Inner,
                BeforeMs = 0,
                AfterMs = 1,
                KeyGroups = 4,
                Left = new SourceDefinition("l", "", "k", "t", "", "json", []),
                Right = new SourceDefinition("r", "", "k", "t", "", "json", []),
            },
            _ => throw new InvalidOperationException(),
            _ => { },
            _ => { },
            new KeyGroupLimits(),
            TimeSpan.Zero,
            "")
        {
            Segments = null!, // no key group runs
        };
        var memory = new NodeMemory(new MemorySettings { BudgetBytes = 100 * MiB, WaitMs = waitMs }, new HeapSlabPool());
        memory.Add("j", setup, 0);
        return memory;
    }
}
