using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// In which order this node starts its key groups. Recoveries have a limit (<c>state.recoveries-max</c>) and are let in as they come, so the group that
/// is the most behind, by the bytes that it has to read, goes first: were it the last, all partitions would wait for it alone.
/// </summary>
/// <param name="read">The bytes that a recovery of each persistence id would read; blocks.</param>
/// <param name="persistenceId">Of a key group.</param>
sealed class RecoveryOrder(Func<IReadOnlyDictionary<string, long>> read, Func<int, string> persistenceId)
{
    // A database that is away costs the order, and never the start.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // What takes less time to read than to find a home for.
    const long ShortBytesMax = 1 << 20;
    IReadOnlyDictionary<string, long> _bytes = new Dictionary<string, long>();
    HashSet<string>? _nodes;

    /// <summary>Reads the bytes again where nodes came or went: then groups move.</summary>
    /// <param name="others">The other nodes.</param>
    /// <returns>Whether they did.</returns>
    internal async Task<bool> LookAsync(IEnumerable<string> others)
    {
        var nodes = others.ToHashSet();
        if (_nodes?.SetEquals(nodes) == true)
            return false;
        _nodes = nodes;
        var reading = Task.Run(Read);
        if (await Task.WhenAny(reading, Task.Delay(Patience)) == reading)
            _bytes = await reading ?? _bytes;
        return true;
    }

    /// <summary>The most behind first.</summary>
    internal IEnumerable<int> Sort(IEnumerable<int> groups) => groups.OrderByDescending(Bytes).ThenBy(group => group);

    /// <summary>Whether a group has so much to read that its place in the order matters.</summary>
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
            return null; // the recoveries will say so
        }
    }
}
