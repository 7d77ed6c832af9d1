using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>Segments in a database, of which a test says when a write fails or waits.</summary>
sealed class FaultySegments(ISnapshotSegments segments) : ISnapshotSegments
{
    /// <summary>Called before each write, on the thread that writes.</summary>
    internal Action<int> BeforeWrite { get; set; } = _ => { };

    public void Write(string id, long sequence, int number, byte[] bytes, Incarnation? writer = null)
    {
        BeforeWrite(number);
        segments.Write(id, sequence, number, bytes, writer);
    }

    public byte[]? Read(string id, long sequence, int number) => segments.Read(id, sequence, number);

    public void DeleteBelow(string id, long sequence) => segments.DeleteBelow(id, sequence);
}
