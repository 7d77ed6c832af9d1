namespace AkkaJoin.Shards.Profiling;

/// <summary>A piece of work of one stage, on one thread, from its making to its disposal.</summary>
readonly ref struct ProfileSpan
{
    // CPU time of the spans that ended inside the one that is open on this thread: theirs, and not its own.
    [ThreadStatic]
    static long _innerNs;

    readonly ProfileStage _stage;
    readonly int _weight;
    readonly long _startNs;
    readonly long _outerInnerNs;

    internal ProfileSpan(ProfileStage stage, int weight)
    {
        _stage = stage;
        _weight = weight;
        _outerInnerNs = _innerNs;
        _innerNs = 0;
        _startNs = ThreadClock.NowNs;
    }

    /// <summary>Adds the piece to its stage. A span that was made while no profile was taken adds nothing.</summary>
    public void Dispose()
    {
        if (_weight == 0)
            return;
        var elapsed = Math.Max(0, ThreadClock.NowNs - _startNs - Profile.ClockNs) * _weight;
        Profile.Add(_stage, Math.Max(0, elapsed - _innerNs));
        _innerNs = _outerInnerNs + elapsed;
    }
}
