using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Snapshots;
using AkkaJoin.Shards.Tests.Encodings;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Snapshots;

public sealed class SnapshotCaptureTests : IDisposable
{
    readonly string _directory = Path.Combine(Path.GetTempPath(), $"akkajoin-test-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void What_is_captured_is_the_group_as_it_was_whatever_the_group_does_before_it_is_written() => Seeds.Check(300, (random, seed) =>
    {
        var segmentBytes = random.Next(1, 600);
        var scenario = new RandomCase(new Random(seed), random.Next(2) == 0);
        var group = new TestKeyGroup(scenario.Definition);
        for (var i = random.Next(1, 25); i > 0 || group.Group.Definition is null; i--)
            group.Event(scenario.Batches(), scenario.Ticks());
        var expected = group.Group.TakeSnapshot();
        using var whole = group.Group.Capture();
        using var cut = group.Group.Capture();
        for (var i = random.Next(0, 40); i > 0; i--)
            group.Event(scenario.Batches(), scenario.Ticks());
        if (random.Next(2) == 0)
            group.End();
        if (random.Next(2) == 0)
            group.Group.ReturnMemory();

        Assert.Equal(expected, Written(whole, int.MaxValue).Manifest);
        var (manifest, segments) = Written(cut, segmentBytes);
        Assert.Equal(expected, Restored(scenario, manifest, segments).TakeSnapshot());
        if (segments.Count == 0)
            Assert.Equal(expected, manifest);
        Assert.All(segments, segment => Assert.NotEmpty(segment));
    });

    [Fact]
    public void Two_incarnations_at_the_same_event_write_equal_chunks_whatever_became_of_their_slabs() => Seeds.Check(100, (random, seed) =>
    {
        var segmentBytes = random.Next(1, 600);
        var scenario = new RandomCase(new Random(seed), random.Next(2) == 0);
        var group = new TestKeyGroup(scenario.Definition);
        group.End();
        for (var i = 0; i < 10; i++)
            group.Event(scenario.Batches(), scenario.Ticks());
        var other = new TestKeyGroup(scenario.Definition, group.Group.TakeSnapshot());
        for (var i = 0; i < 10; i++)
        {
            var events = group.Journal.Count;
            group.Event(scenario.Batches(), scenario.Ticks());
            foreach (var bytes in group.Journal.Skip(events))
                other.Group.Apply(other.Group.Sequence + 1, bytes);
        }

        using var first = group.Group.Capture();
        using var second = other.Group.Capture();
        Assert.Equal(Written(first, segmentBytes).Segments, Written(second, segmentBytes).Segments);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_memory_of_a_capture_goes_back_when_it_is_disposed_of_also_after_the_group(bool isMapped)
    {
        using SlabPool pool = isMapped ? new MappedSlabPool(_directory) : new HeapSlabPool(256, spareMin: 0);
        var atFirst = pool.Bytes;
        Seeds.Check(30, (random, seed) =>
        {
            var scenario = new RandomCase(new Random(seed), random.Next(2) == 0);
            var group = new KeyGroup(0, scenario.Definition, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits(), pool);
            var journal = new TestKeyGroup(scenario.Definition);
            journal.Raise(0, 0);
            for (var i = 0; i < 20; i++)
                journal.Event(scenario.Batches(), scenario.Ticks());
            var middle = random.Next(1, journal.Journal.Count + 1);
            for (var i = 0; i < middle; i++)
                group.Apply(i + 1, journal.Journal[i]);
            var expected = group.TakeSnapshot();
            using (var capture = group.Capture())
            {
                for (var i = middle; i < journal.Journal.Count; i++)
                    group.Apply(i + 1, journal.Journal[i]);
                group.ReturnMemory();
                Assert.Equal(expected, Written(capture, int.MaxValue).Manifest);
            }

            Assert.Equal(atFirst, pool.Bytes);
        });
    }

    [Fact]
    public void A_mapped_file_that_a_capture_reads_outlives_its_pool()
    {
        var pool = new MappedSlabPool(_directory);
        var group = new KeyGroup(5, Samples.Restorable, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits(), pool);
        group.Restore(Samples.Snapshot());
        var capture = group.Capture();
        group.ReturnMemory();
        pool.Dispose();
        Assert.Equal(Samples.Snapshot(), Written(capture, int.MaxValue).Manifest);
        capture.Dispose();
        Assert.InRange(pool.Bytes, 0, MappedSlabPool.ExtentLength);
    }

    [Fact]
    public void A_group_without_a_chunk_or_with_a_damaged_one_is_not_restored() => Seeds.Check(30, (random, seed) =>
    {
        var scenario = new RandomCase(new Random(seed), false);
        var group = new TestKeyGroup(scenario.Definition);
        while (group.Group.Definition is null || group.State.Count == 0)
            group.Event(scenario.Batches(), scenario.Ticks());
        using var capture = group.Group.Capture();
        var (manifest, segments) = Written(capture, 1);
        var at = random.Next(segments.Count);
        var isMissing = random.Next(2) == 0;
        var damaged = (byte[])segments[at].Clone();
        damaged[random.Next(damaged.Length)] ^= 1;
        Assert.False(New(scenario).Restore(manifest, i => i != at ? segments[i] : isMissing ? null : damaged));
    });

    internal static (byte[] Manifest, List<byte[]> Segments) Written(SnapshotCapture capture, int segmentBytes)
    {
        var segments = new List<byte[]>();
        using var writer = new SnapshotWriter(capture, segmentBytes);
        while (writer.NextSegment() is { } segment)
            segments.Add(segment);
        return (writer.Manifest(), segments);
    }

    static KeyGroup Restored(RandomCase scenario, byte[] manifest, List<byte[]> segments)
    {
        var group = New(scenario);
        Assert.True(group.Restore(manifest, i => segments[i]));
        return group;
    }

    static KeyGroup New(RandomCase scenario) => new(0, scenario.Definition, Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
}
