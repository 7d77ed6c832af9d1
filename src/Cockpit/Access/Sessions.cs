namespace AkkaJoin.Cockpit.Access;

/// <summary>
/// Who has logged in on the page, and the codes with which they may. A code is good for one login within
/// <see cref="CodeLife"/>; a session ends after <see cref="SessionLife"/>, and with the node.
/// </summary>
sealed class Sessions(TimeProvider time)
{
    internal const int Max = 1_000;

    /// <summary>How long a code is good.</summary>
    internal static readonly TimeSpan CodeLife = TimeSpan.FromSeconds(60);

    /// <summary>How long a session lasts.</summary>
    internal static readonly TimeSpan SessionLife = TimeSpan.FromHours(12);

    readonly Lock _gate = new();
    readonly Dictionary<string, (Caller Caller, long Since)> _codes = [];
    readonly Dictionary<string, (Caller Caller, long Since)> _sessions = [];

    /// <summary>A code with which somebody can log in once, with the caller's rights.</summary>
    internal string MakeCode(Caller caller) => Add(_codes, caller, CodeLife);

    /// <summary>The session's id for a code that is good; null = it is not.</summary>
    internal string? Redeem(string code)
    {
        lock (_gate)
        {
            return _codes.Remove(Key(code), out var found) && time.GetElapsedTime(found.Since) < CodeLife
                ? Open(found.Caller)
                : null;
        }
    }

    /// <summary>A new session.</summary>
    internal string Open(Caller caller) => Add(_sessions, caller, SessionLife);

    /// <summary>Whose a session is; null = nobody's.</summary>
    internal Caller? Find(string session)
    {
        lock (_gate)
        {
            return _sessions.TryGetValue(Key(session), out var found) && time.GetElapsedTime(found.Since) < SessionLife
                ? found.Caller
                : null;
        }
    }

    /// <summary>Ends a session.</summary>
    internal void Close(string session)
    {
        lock (_gate)
            _sessions.Remove(Key(session));
    }

    // A lookup by the hash gives nothing away of how much of a guess is right.
    static string Key(string text) => Convert.ToHexString(Token.HashOf(text));

    string Add(Dictionary<string, (Caller Caller, long Since)> all, Caller caller, TimeSpan life)
    {
        var text = Token.Draw();
        lock (_gate)
        {
            foreach (var (key, _) in all.Where(entry => time.GetElapsedTime(entry.Value.Since) >= life).ToList())
                all.Remove(key);
            if (all.Count >= Max)
                all.Remove(all.MinBy(entry => entry.Value.Since).Key);
            all[Key(text)] = (caller, time.GetTimestamp());
        }

        return text;
    }
}
