namespace AkkaJoin.Shards.Journal;

/// <summary>
/// One event of a key group, for ever: its number, and who wrote it. The number alone may name another event once the journal was rolled back.
/// Whoever has it has all events before it.
/// </summary>
/// <param name="Incarnation">The incarnation that wrote it.</param>
/// <param name="Number">Its number.</param>
readonly record struct EventId(Incarnation Incarnation, long Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Incarnation}-{Number}";
}
