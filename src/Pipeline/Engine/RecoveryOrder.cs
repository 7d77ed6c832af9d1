using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// The order in which this node starts its key groups. Only so many recoveries run at once
/// (<c>state.recoveries-max</c>), first come first served. So the key group whose recovery reads the most bytes starts
/// first: were it the last, all partitions would wait for it alone.
/// </summary>
/// <param name="read">The bytes that a recovery of each persistence id would read; blocks.</param>
/// <param name="persistenceId">The persistence id of a key group.</param>
/// <param name="patience">How long it waits for the bytes; null = the usual.</param>
sealed class RecoveryOrder(
    Func<IReadOnlyDictionary<string, long>> read, Func<int, string> persistenceId, TimeSpan? patience = null)
{
    // Where the database does not answer in time, only the order is lost.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A recovery of this size takes less time than to allocate the key group.
    const long ShortBytesMax = 1 << 20;
    IReadOnlyDictionary<string, long> _bytes = new Dictionary<string, long>();
    HashSet<string>? _nodes;

    /// <summary>Reads the bytes again where nodes came or went: then key groups move.</summary>
    /// <param name="others">The other nodes.</param>
    /// <returns>Whether nodes came or went.</returns>
    internal async Task<bool> LookAsync(IEnumerable<string> others)
    {
        var nodes = others.ToHashSet();
        if (_nodes?.SetEquals(nodes) == true)
            return false;
        _nodes = nodes;
        var reading = Task.Run(Read);
        if (await Task.WhenAny(reading, Task.Delay(patience ?? Patience)) == reading)
            _bytes = await reading ?? _bytes;
        return true;
    }

    /// <summary>The longest recovery first.</summary>
    internal IEnumerable<int> Sort(IEnumerable<int> groups) => groups.OrderByDescending(Bytes).ThenBy(group => group);

    /// <summary>Whether a recovery is so long that its position in the order matters.</summary>
    internal bool IsLong(int group) => Bytes(group) > ShortBytesMax;

    long Bytes(int group) => _bytes.GetValueOrDefault(persistenceId(group));

    IReadOnlyDictionary<string, long>? Read()
    {
        try
        {
            return read();
        }
        catch (JournalException)
        {
            return null; // the recoveries will log it
        }
    }
}
