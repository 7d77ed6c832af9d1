namespace AkkaJoin.Pipeline.Routing;

/// <summary>Why a partition is not read on.</summary>
enum PauseReason
{
    /// <summary>It is.</summary>
    None,

    /// <summary>What was read of it waits for the key groups.</summary>
    Credit,

    /// <summary>It is too far ahead of the slowest in event time.</summary>
    Drift,

    /// <summary>Its dead letters wait for the broker.</summary>
    DeadLetters,
}
