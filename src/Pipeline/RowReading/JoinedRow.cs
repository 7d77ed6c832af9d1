namespace AkkaJoin.Pipeline.RowReading;

/// <summary>
/// A row of a join with <c>output.to = source</c>. It comes again, with the same id, until it is confirmed. Its bytes
/// are
/// its own and stay.
/// </summary>
public sealed class JoinedRow
{
    readonly UnreadEvent _event;
    readonly int _index;

    internal JoinedRow(UnreadEvent @event, int index)
    {
        _event = @event;
        _index = index;
    }

    /// <summary>
    /// What it has in common with every copy of it, and with no other row: the value of the header <c>akkajoin-id</c>.
    /// </summary>
    public string Id { get; internal init; } = "";

    /// <summary>matched, unmatched, late-joined (a partner was late), or repaired (it supersedes others).</summary>
    public string Kind { get; internal init; } = "";

    /// <summary>The key of the row in Kafka; null = it has none.</summary>
    public ReadOnlyMemory<byte>? Key { get; internal init; }

    /// <summary>The row as <c>output.format</c> writes it; null = the writer gave none.</summary>
    public ReadOnlyMemory<byte>? Value { get; internal init; }

    /// <summary>The later of the event times that it joins.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>The headers that it would have in Kafka, by <c>output.headers</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>?>> Headers { get; internal init; } = [];

    /// <summary>
    /// The reader has done with the row what it does: it never comes again, once all rows of its event and of those
    /// before are confirmed. May be called from any thread, in any order, and more than once.
    /// </summary>
    public void Confirm() => _event.Confirm(_index);
}
