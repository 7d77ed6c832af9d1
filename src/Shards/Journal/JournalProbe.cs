namespace AkkaJoin.Shards.Journal;

/// <summary>A journal as a start would find it.</summary>
/// <param name="Journal">It, for reading; null = there is none, and one can be made.</param>
/// <param name="Place">Where it is.</param>
/// <param name="PlaceKey">The configuration key that says where it is.</param>
public sealed record JournalProbe(JoinJournal? Journal, string Place, string PlaceKey) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Journal?.Dispose();
}
