using System.Collections.Concurrent;
using System.Text;

namespace AspNetApp;

/// <summary>The rows so far. A row that comes twice has one id, and is here once.</summary>
sealed class RowList
{
    readonly ConcurrentDictionary<string, string> _rows = [];

    /// <summary>The rows.</summary>
    public IEnumerable<string> Rows => _rows.Values;

    /// <summary>Adds one. A real application would write it to its database here.</summary>
    public Task AddAsync(string id, ReadOnlyMemory<byte> value)
    {
        _rows.TryAdd(id, Encoding.UTF8.GetString(value.Span));
        return Task.CompletedTask;
    }
}
