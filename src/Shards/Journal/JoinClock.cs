using System.Diagnostics;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// The clock of the joins of a journal: that of the journal's database, so that all nodes go by one. It is read at the
/// start and once in a while (<c>akkajoin.clock.read-interval</c>). Between two readings a timer carries it on that no
/// change of this machine's clock moves; where the database does not answer, the timer goes on alone. Before the first
/// reading it is this machine's clock.
/// <para>
/// Example: the database said 12:00:00 at timer 100 s, and a question took no time. At timer 107 s the clock says
/// 12:00:07. The next reading, at timer 130 s, says 12:00:29: the clock stands at 12:00:30 for a second, and goes on.
/// </para>
/// <para>Invariant. On a node it never goes back. Thread safe.</para>
/// </summary>
sealed class JoinClock
{
    /// <summary>
    /// An answer that takes longer than this, ms, says too little of the moment, once there is a better one.
    /// </summary>
    internal const long AnswerMsMax = 1_000;

    /// <summary>A difference between the clocks up to this one is not told, ms.</summary>
    internal const long DifferenceMsMax = 1_000;

    readonly Func<long> _timerMs;
    readonly Func<long> _wallMs;
    readonly Lock _gate = new();

    // The clock less the timer, ms.
    long _offsetMs;
    long _highestMs = long.MinValue;
    long? _differenceMs;
    long _askedMs = long.MinValue / 2;
    bool _isRead;
    bool _isToldOfDifference;
    bool _isToldOfSilence;

    /// <param name="timerMs">A timer that never goes back and runs at an even pace, ms.</param>
    /// <param name="wallMs">This machine's clock, ms since the epoch.</param>
    internal JoinClock(Func<long> timerMs, Func<long> wallMs)
    {
        _timerMs = timerMs;
        _wallMs = wallMs;
        _offsetMs = wallMs() - timerMs();
    }

    /// <summary>A clock by this machine's timer and clock.</summary>
    internal JoinClock()
        : this(
            static () => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000),
            static () => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
    {
    }

    /// <summary>The time, ms since the epoch. It never goes back.</summary>
    internal long NowMs
    {
        get
        {
            lock (_gate)
            {
                _highestMs = Math.Max(_highestMs, _timerMs() + _offsetMs);
                return _highestMs;
            }
        }
    }

    /// <summary>
    /// How far this machine's clock is ahead of the database's, ms, at the last reading; null before the first.
    /// </summary>
    internal long? DifferenceMs
    {
        get
        {
            lock (_gate)
                return _differenceMs;
        }
    }

    /// <summary>How often it is to be read, ms.</summary>
    internal long ReadIntervalMs { get; set; } = 30_000;

    /// <summary>
    /// Whether it is time to read the database's clock. Whoever gets true is to do it: of several that ask at once one
    /// does.
    /// </summary>
    internal bool TryBeginReading()
    {
        lock (_gate)
        {
            var nowMs = _timerMs();
            if (nowMs - _askedMs < ReadIntervalMs)
                return false;
            _askedMs = nowMs;
            return true;
        }
    }

    /// <summary>The timer as it is when the database is asked, for <see cref="Answered"/>.</summary>
    internal long Ask() => _timerMs();

    /// <summary>The database told its clock.</summary>
    /// <param name="databaseMs">Its clock at some moment between question and answer, ms since the epoch.</param>
    /// <param name="askedMs">What <see cref="Ask"/> gave.</param>
    /// <exception cref="JournalException">The clock is not set: it lies out of the range of times.</exception>
    internal void Answered(long databaseMs, long askedMs)
    {
        if (databaseMs is < 0 or > TimeLimits.Max)
            throw new JournalException($"the clock of the journal's database says {databaseMs} ms since 1970, which is no time");
        lock (_gate)
        {
            var answeredMs = _timerMs();
            Invariant.Holds(askedMs <= answeredMs, "the timer never goes back");
            _isToldOfSilence = false;
            if (_isRead && answeredMs - askedMs > AnswerMsMax)
                return;
            _isRead = true;
            var nowMs = databaseMs + ((answeredMs - askedMs) / 2);
            _offsetMs = nowMs - answeredMs;
            _differenceMs = _wallMs() - nowMs;
        }
    }

    /// <summary>
    /// Whether it is to be told now that the clocks of machine and database differ: once each time that they begin to.
    /// </summary>
    internal bool TryTellDifference()
    {
        lock (_gate)
        {
            var differs = Math.Abs(_differenceMs ?? 0) > DifferenceMsMax;
            var isNew = differs && !_isToldOfDifference;
            _isToldOfDifference = differs;
            return isNew;
        }
    }

    /// <summary>Whether it is to be told now that the database did not answer: once until it answers again.</summary>
    internal bool TryTellSilence()
    {
        lock (_gate)
        {
            var isNew = !_isToldOfSilence;
            _isToldOfSilence = true;
            return isNew;
        }
    }
}
