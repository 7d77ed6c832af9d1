using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Which event times of a partition move time where <c>max-jump</c> is set. A record that lies further above the
/// highest time than that, and the first one, is a jump: it joins at once, but time waits until others bear it out.
/// <list type="bullet">
/// <item>A record within max-jump of it, above or below, is a witness.</item>
/// <item>One that lies further below takes its place: it is the jump now, or no jump at all.</item>
/// <item>One that lies further above does not count.</item>
/// <item>With <see cref="JumpLimit.WitnessesMin"/> witnesses, or once none came for a while though the partition was
/// read to its end, time moves to the highest of them. So it does where the highest time has come near the jump.</item>
/// </list>
/// <para>
/// Example, max-jump 1 h, highest time 12:00. 18:00 comes: a jump. 18:00 comes again (a copy): its first witness. 12:01
/// comes: no jump, and the jump at 18:00 is over. One second witness is not enough, since copies and broken devices
/// bring it.
/// </para>
/// <para>
/// A partition that a node begins to read, after a restart say, goes on from the highest time in the journal of the key
/// group that is furthest behind. Should it be read from an offset below that of this time, it is judged as if nothing
/// was known up to there: else a jump in these records would move time before the records that bore it out. After a
/// journal was rolled back nothing is known at all.
/// </para>
/// <para>
/// Invariant. From a jump on until it moves time no record lies more than max-jump below it, and it has its witnesses,
/// or was left alone for as long as <see cref="JumpLimit.SilenceMs"/>, or lies within max-jump of the highest time.
/// </para>
/// </summary>
sealed class TimeJumps(JumpLimit limit)
{
    /// <summary>The highest time of a partition that has none.</summary>
    internal const long NoTime = long.MinValue;

    // What the journals say: from this offset on, the highest time is this one at least.
    (long Offset, long Time) _journaled = (0, NoTime);

    bool _isWaiting;
    long _jump;
    int _witnesses;

    // Of the jump and its witnesses the one that time moves to.
    (long Time, long Offset) _highest;
    long _lowest;
    long _sinceMs;

    /// <summary>The time of the jump that waits; null = none does.</summary>
    internal long? Waiting => _isWaiting ? _jump : null;

    /// <summary>
    /// The newest jump above a highest time that was known, whether it waits or is over; null = there was none.
    /// </summary>
    internal (long Time, long Offset, long Above)? Newest { get; private set; }

    /// <summary>A record was read.</summary>
    /// <param name="known">The highest time that moved time, or <see cref="NoTime"/>.</param>
    /// <param name="time">The record's event time.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="nowMs">The router's time.</param>
    /// <returns>To which record time moves; null = it does not.</returns>
    internal (long Time, long Offset)? See(long known, long time, long offset, long nowMs)
    {
        if (_isWaiting && time < _jump - limit.MaxMs)
            _isWaiting = false;
        var reached = offset < _journaled.Offset ? known : Math.Max(known, _journaled.Time);

        // Where the journaled time begins to count, it may lie near the jump.
        (long Time, long Offset)? taken = _isWaiting && !IsJump(reached, _jump) ? End() : null;
        if (taken is { } near)
            (known, reached) = (Math.Max(known, near.Time), Math.Max(reached, near.Time));
        return Weigh(known, reached, time, offset, nowMs) ?? taken;
    }

    /// <summary>Some time has passed.</summary>
    /// <param name="isRead">
    /// Whether the partition is read and has nothing more to read: otherwise nobody knows whether it is silent.
    /// </param>
    /// <param name="nowMs">The router's time.</param>
    /// <returns>To which record time moves; null = it does not.</returns>
    internal (long Time, long Offset)? TimePassed(bool isRead, long nowMs)
    {
        if (!_isWaiting)
            return null;
        if (!isRead)
            _sinceMs = nowMs;
        return nowMs - _sinceMs >= limit.SilenceMs ? End() : null;
    }

    /// <summary>Reading starts, or starts again.</summary>
    /// <param name="journaled">
    /// The highest time in the journals, and the offset from which on it is that at least.
    /// </param>
    internal void Begin(AppliedTime journaled)
    {
        Clear();
        _journaled = journaled.HighestMs > SideWatermarks.None ? (journaled.AppliedOffset, journaled.HighestMs) : (0, NoTime);
    }

    void Clear() => (_isWaiting, _witnesses) = (false, 0);

    // Reached is the highest time that is known, and known that which this reading has moved to.
    (long Time, long Offset)? Weigh(long known, long reached, long time, long offset, long nowMs)
    {
        if (!IsJump(reached, time))
        {
            (long, long)? moved = time > known ? (time, offset) : null;
            if (!_isWaiting)
                return moved;
            Witness(time, offset, nowMs);
            return IsJump(Math.Max(reached, time), _jump) && _witnesses < limit.WitnessesMin ? moved : End();
        }

        if (!_isWaiting)
            Begin(reached, time, offset, nowMs);
        else if (time <= _jump + limit.MaxMs)
            Witness(time, offset, nowMs);
        return _witnesses >= limit.WitnessesMin ? End() : null;
    }

    bool IsJump(long known, long time) => known == NoTime || time > known + limit.MaxMs;

    void Begin(long known, long time, long offset, long nowMs)
    {
        if (known != NoTime)
            Newest = (time, offset, known);
        (_isWaiting, _jump, _witnesses, _highest, _lowest, _sinceMs) = (true, time, 0, (time, offset), time, nowMs);
    }

    void Witness(long time, long offset, long nowMs)
    {
        _witnesses++;
        _sinceMs = nowMs;
        _lowest = Math.Min(_lowest, time);
        if (time > _highest.Time)
            _highest = (time, offset);
    }

    (long Time, long Offset) End()
    {
        Invariant.Holds(_lowest >= _jump - limit.MaxMs, "no record since a jump that moves time lies more than max-jump below it");
        Invariant.Holds(_highest.Time <= _jump + limit.MaxMs, "time moves no further than max-jump above a jump");
        Clear();
        return _highest;
    }
}

/// <summary>What a jump of time is, and how long it waits where nothing more comes.</summary>
/// <param name="MaxMs"><c>max-jump</c>, ms.</param>
/// <param name="SilenceMs"><c>idle.timeout</c>, ms.</param>
sealed record JumpLimit(long MaxMs, long SilenceMs)
{
    /// <summary>So many witnesses bear a jump out. The simulation has fewer records.</summary>
    internal int WitnessesMin { get; init; } = 100;

    /// <summary>The limit of a join; null = there is none.</summary>
    internal static JumpLimit? Of(Shards.Definition.JoinDefinition definition) =>
        definition.MaxJumpMs is { } max ? new JumpLimit(max, definition.IdleTimeoutMs) : null;
}
