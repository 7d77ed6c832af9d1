using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// A <see cref="RecordLog"/> as it was at one moment. Of a slab nothing below what is used ever changes, nor does where its headers stand: so what
/// is captured are the heads of the slabs, and their memory is held, whatever the log does with it meanwhile.
/// </summary>
/// <param name="pool">Where the memory goes when it is not read any more.</param>
/// <param name="slabs">The slabs in order, each held.</param>
/// <param name="numbers">The number of each in the log.</param>
sealed class LogCapture(SlabPool pool, LogSlab[] slabs, int[] numbers) : IDisposable
{
    bool _isReleased;

    /// <summary>The slabs in order.</summary>
    internal ReadOnlySpan<LogSlab> Slabs => slabs;

    /// <summary>The number of each in the log.</summary>
    internal ReadOnlySpan<int> Numbers => numbers;

    public void Dispose()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        foreach (var slab in slabs)
            pool.Return(slab.Memory!);
    }
}
