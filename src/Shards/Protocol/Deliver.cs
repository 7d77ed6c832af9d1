namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// One or several record batches for a key group, one after the other in one run of bytes. Answered by <see cref="GroupAck"/> once
/// their rows are out, or by <see cref="GroupGap"/>.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Batches">The batches.</param>
sealed record Deliver(int Group, byte[] Batches) : IGroupMessage;
