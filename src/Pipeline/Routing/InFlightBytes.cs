using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The bytes of a partition that are in flight: read, and not yet told to the source as acknowledged. The source counts
/// the same, and pauses the partition while they are many.
/// <para>
/// Invariants. The total is the sum of the chunks' bytes. The source is told each byte once.
/// </para>
/// </summary>
sealed class InFlightBytes
{
    // By chunk, in order: the offset at which it ends, and its bytes.
    readonly Queue<(long To, int Bytes)> _chunks = new();
    long _total;
    long _max = long.MaxValue;

    /// <summary>
    /// Whether the source reads no more for them: from above the limit until they are below half of it.
    /// </summary>
    internal bool IsOverLimit { get; private set; }

    /// <summary>Whether there are bytes below an offset.</summary>
    internal bool HasBelow(long offset) => _chunks.TryPeek(out var chunk) && chunk.To <= offset;

    /// <summary>A chunk was decoded that ends at an offset.</summary>
    /// <param name="to">The offset after its last record.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="max">The limit, bytes.</param>
    internal void Add(long to, int bytes, long max)
    {
        _chunks.Enqueue((to, bytes));
        _max = max;
        _total += bytes;
        IsOverLimit |= _total > max;
        Check();
    }

    /// <summary>The bytes below an offset are in flight no more. Returns how many.</summary>
    internal long DequeueBelow(long offset)
    {
        var bytes = 0L;
        while (HasBelow(offset))
            bytes += _chunks.Dequeue().Bytes;
        _total -= bytes;
        IsOverLimit &= _total >= _max / 2;
        Check();
        return bytes;
    }

    /// <summary>The source has forgotten them all: the partition is read again.</summary>
    internal void Clear()
    {
        _chunks.Clear();
        _total = 0;
        IsOverLimit = false;
    }

    void Check() => Invariant.Holds(
        _total == _chunks.Sum(chunk => (long)chunk.Bytes), "the bytes in flight are the sum of the chunks' bytes");
}
