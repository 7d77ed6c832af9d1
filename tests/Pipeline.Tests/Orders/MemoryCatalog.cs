using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Tests.Orders;

/// <summary>A catalogue of one join in memory.</summary>
sealed class MemoryCatalog : IJoinCatalog
{
    readonly Dictionary<string, byte[]> _values = [];

    /// <summary>Called before each replacement, as if another node came between.</summary>
    internal Action? BeforeReplace { get; set; }

    internal bool IsAway { get; set; }

    public byte[]? Get(string join, string name)
    {
        lock (_values)
            return IsAway ? throw new JournalException("the database is away") : _values.GetValueOrDefault(name);
    }

    public void Set(string join, IReadOnlyDictionary<string, byte[]> values) => throw new NotSupportedException();

    public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values) => throw new NotSupportedException();

    public bool TryReplace(string join, string name, byte[]? expected, byte[] value)
    {
        var between = BeforeReplace;
        BeforeReplace = null;
        between?.Invoke();
        lock (_values)
        {
            if (!_values.GetValueOrDefault(name).AsSpan().SequenceEqual(expected))
                return false;
            _values[name] = value;
            return true;
        }
    }

    public long NextGeneration(string join) => throw new NotSupportedException();
}
