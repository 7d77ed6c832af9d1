using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Snapshots;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

public sealed class SnapshotCourseTests : IDisposable
{
    readonly HeapSlabPool _pool = new(lengthMin: 256, spareMin: 0);
    readonly Effects _effects = new();

    [Fact]
    public void Where_no_thread_is_to_be_had_the_permit_and_the_memory_go_back_and_the_next_try_succeeds()
    {
        var group = Group();
        var pauses = 0;
        var course = new SnapshotCourse(group, _effects, () => pauses++);
        _effects.Fails = true;
        course.TakeIfDue();
        Assert.Equal((1, 1, 1), (_effects.Permits, pauses, _effects.Failures));
        course.TakeIfDue();
        Assert.Equal(1, _effects.Failures); // not before the pause is over

        _effects.Fails = false;
        course.PauseIsOver();
        course.TakeIfDue();
        Assert.Equal((0, 1), (_effects.Permits, _effects.Captures.Count));
        _effects.Captures[0].Dispose();
        group.ReturnMemory();
        Assert.Equal(0, _pool.Bytes);
    }

    public void Dispose() => _pool.Dispose();

    KeyGroup Group()
    {
        var limits = new KeyGroupLimits(SnapshotBytesMin: 0, RecoveryReadMax: 0.1);
        var group = new KeyGroup(0, Definitions.Of(JoinType.Inner, 0, 100), Incarnations.OnlyOne, _ => new TestRowWriter(), limits, _pool);
        group.Recovered();
        var records = Enumerable.Range(0, 20).Select(n => new TestRecord("l" + n, Side.Left, "k" + n, n, Offset: n));
        group.Offer(new Deliver(0, new TestBatch(Side.Left, 0, 1, 0, 20, [.. records]).Encode()), this);
        group.Apply(1, group.NextEvent()!);
        Assert.True(group.SnapshotIsDue);
        return group;
    }

    sealed class Effects : ISnapshotEffects
    {
        internal int Permits { get; private set; } = 1;

        internal int Failures { get; private set; }

        internal bool Fails { get; set; }

        internal List<SnapshotCapture> Captures { get; } = [];

        public bool TryTakePermit() => Permits > 0 && Permits-- > 0;

        public void ReturnPermit() => Permits++;

        public void Write(SnapshotCapture capture)
        {
            if (Fails)
                throw new InvalidOperationException("no thread");
            Captures.Add(capture);
        }

        public void SaveManifest(long sequence, byte[] manifest)
        {
        }

        public void DeleteEvents(long through)
        {
        }

        public void DeleteSnapshots(long through)
        {
        }

        public void DeleteSegments(long below)
        {
        }

        public void StopWriting()
        {
        }

        public void SnapshotFailed(Exception cause) => Failures++;
    }
}
