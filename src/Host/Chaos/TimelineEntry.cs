namespace AkkaJoin.Host.Chaos;

/// <summary>One line of the timeline file. What does not apply is left out.</summary>
sealed record TimelineEntry(string Event)
{
    /// <summary>Seconds since this part of the run began.</summary>
    public double At { get; init; }

    /// <summary>The wall clock, ms since the epoch.</summary>
    public long Utc { get; init; }

    /// <summary>The node, from 1.</summary>
    public int? Node { get; init; }

    /// <summary>The process.</summary>
    public int? Process { get; init; }

    /// <summary>When the process started, as the system counts: a number alone may be that of another process by now.</summary>
    public string? Mark { get; init; }

    /// <summary>The same in words.</summary>
    public string? Text { get; init; }

    /// <summary>"part": what a resumed run needs to go on.</summary>
    public RunIdentity? Run { get; init; }

    /// <summary>"fed": the events that were handed to the producer.</summary>
    public long? Events { get; init; }

    /// <summary>"woken": when the node was frozen, ms since the epoch; it woke at <see cref="Utc"/>.</summary>
    public long? FrozenAt { get; init; }

    /// <summary>"closed": event times of lefts below this are late from now on.</summary>
    public long? LateBelowLeft { get; init; }

    /// <summary>"closed": event times of rights below this are late from now on.</summary>
    public long? LateBelowRight { get; init; }

    /// <summary>"silence": what a fault cost, ms.</summary>
    public double? SilenceMs { get; init; }

    /// <summary>"silence": the last row before it, ms since the epoch.</summary>
    public long? LastRow { get; init; }

    /// <summary>"silence": the first row after it, ms since the epoch.</summary>
    public long? FirstRow { get; init; }

    /// <summary>"silence": whose rows they are.</summary>
    public int? KeyGroup { get; init; }
}
