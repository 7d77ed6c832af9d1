namespace AkkaJoin.Cockpit.Access;

/// <summary>
/// Limits how often wrong tokens can be tried: <see cref="PerSender"/> times a minute from one address, and
/// <see cref="InAll"/> times in all. Beyond that no token is looked at until the minute has passed.
/// </summary>
sealed class FailureLimit(TimeProvider time)
{
    internal const int PerSender = 10, InAll = 200;
    static readonly TimeSpan Per = TimeSpan.FromMinutes(1);
    readonly Lock _gate = new();
    readonly Dictionary<string, int> _failures = [];
    long _since = time.GetTimestamp();
    int _all;

    /// <summary>Whether a token of this sender may be looked at.</summary>
    internal bool Allows(string sender)
    {
        lock (_gate)
        {
            Renew();
            return _all < InAll && _failures.GetValueOrDefault(sender) < PerSender;
        }
    }

    /// <summary>Counts a wrong token.</summary>
    /// <returns>Whether it is the sender's first one of this minute, which is worth a line in the log.</returns>
    internal bool Count(string sender)
    {
        lock (_gate)
        {
            Renew();
            _all++;
            return (_failures[sender] = _failures.GetValueOrDefault(sender) + 1) == 1;
        }
    }

    void Renew()
    {
        if (time.GetElapsedTime(_since) < Per)
            return;
        _since = time.GetTimestamp();
        _all = 0;
        _failures.Clear();
    }
}
