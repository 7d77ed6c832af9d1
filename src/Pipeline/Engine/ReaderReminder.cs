using AkkaJoin.Pipeline.RowReading;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Says that the reader in the application does not confirm rows, when the oldest has waited for 30 s, and no more
/// often than every five minutes. Their key groups take no more records meanwhile, and nothing else would say why.
/// </summary>
/// <param name="unread">What waits.</param>
/// <param name="remind">Says so.</param>
sealed class ReaderReminder(Func<long, UnreadRows> unread, Action<UnreadRows> remind)
{
    internal const long PatienceMs = 30_000;
    internal const long IntervalMs = 300_000;

    long? _saidAtMs;

    /// <summary>Looks again.</summary>
    /// <param name="nowMs">The outlet's clock, ms.</param>
    internal void Look(long nowMs)
    {
        var rows = unread(nowMs);
        if (rows.OldestWaitsMs < PatienceMs || nowMs - _saidAtMs < IntervalMs)
            return;
        _saidAtMs = nowMs;
        remind(rows);
    }
}
