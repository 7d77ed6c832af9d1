namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// A bounded run has read everything: raises the watermark of every partition of each side to these values at least, so that nothing
/// is held. Answered by <see cref="TimeClosed"/> once the rows are out.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Left">ms since the epoch.</param>
/// <param name="Right">ms since the epoch.</param>
sealed record CloseTime(int Group, long Left, long Right) : IGroupMessage;
