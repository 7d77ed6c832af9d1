using System.Security.Cryptography;
using Akka.Event;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Access;

/// <summary>
/// The tokens of a node. A file that changes is read again within <see cref="LookEvery"/>, without a restart; where it
/// cannot be read any more, the token that was read last stays good, and the log says so once. Whoever logged in with a
/// token that has been replaced is nobody from then on.
/// </summary>
sealed class TokenTable
{
    /// <summary>How often files are looked at, at most.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    readonly Lock _gate = new();
    readonly TimeProvider _time;
    readonly ILoggingAdapter _log;
    readonly Entry[] _entries;

    // Those whose token has been replaced, by identity: the successor has the same name and right.
    readonly HashSet<Caller> _replaced = new(ReferenceEqualityComparer.Instance);
    long _lookedAt;

    /// <summary>Reads all tokens.</summary>
    /// <param name="grants">The configured ones, and the node's own.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The node's log.</param>
    /// <exception cref="UserException">A file cannot be read, or others can read it; the exit code is 78.</exception>
    internal TokenTable(IEnumerable<AdminGrant> grants, TimeProvider time, ILoggingAdapter log)
    {
        _time = time;
        _log = log;
        _entries = [.. grants.Select(grant => new Entry(grant))];
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Whose a token is; null = nobody's.</summary>
    internal Caller? Find(string presented)
    {
        if (presented.Length > Token.CharactersMax)
            return null;
        var hash = Token.HashOf(presented);
        Caller? found = null;
        lock (_gate)
        {
            Look();
            foreach (var entry in _entries)
            {
                // All of them are compared, also behind the right one, so that the time tells nothing.
                if (CryptographicOperations.FixedTimeEquals(hash, entry.Token.Hash))
                    found = entry.Token.Caller;
            }
        }

        return found;
    }

    /// <summary>Whether the token with which the caller came has been replaced since.</summary>
    internal bool IsReplaced(Caller caller)
    {
        lock (_gate)
        {
            Look();
            return _replaced.Contains(caller);
        }
    }

    void Look()
    {
        if (_time.GetElapsedTime(_lookedAt) < LookEvery)
            return;
        _lookedAt = _time.GetTimestamp();
        foreach (var entry in _entries)
        {
            if (entry.Refresh(_log) is { } replaced)
                _replaced.Add(replaced);
        }
    }

    sealed class Entry
    {
        readonly AdminGrant _grant;
        (DateTime, long) _seen;
        bool _isLost;

        internal Entry(AdminGrant grant)
        {
            _grant = grant;
            _seen = Stamp();
            Token = Read();
        }

        internal Token Token { get; private set; }

        /// <summary>Reads the file again where it has changed.</summary>
        /// <returns>Who came with the token that another has replaced; null = the token is the same.</returns>
        internal Caller? Refresh(ILoggingAdapter log)
        {
            var now = Stamp();
            if (now == _seen && !_isLost)
                return null;
            try
            {
                var read = Read();
                (_seen, _isLost) = (now, false);
                if (CryptographicOperations.FixedTimeEquals(read.Hash, Token.Hash))
                    return null;
                var replaced = Token.Caller;
                Token = read;
                CockpitLog.TokenWasRead(log, _grant.Name);
                return replaced;
            }
            catch (UserException e)
            {
                if (!_isLost)
                    CockpitLog.TokenIsLost(log, _grant.Name, e.Message);
                _isLost = true;
                return null;
            }
        }

        Token Read() => Token.Read(_grant.File!, new Caller(_grant.Name, _grant.Right));

        (DateTime Time, long Length) Stamp()
        {
            var file = new FileInfo(_grant.File!);
            return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
