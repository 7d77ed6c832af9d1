using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>A message to one key group, through the shard region.</summary>
interface IKeyGroupMessage : IWireMessage
{
    /// <summary>The key group.</summary>
    int Group { get; }
}

/// <summary>
/// Record batches for a key group, one after the other in one array. Answered by <see cref="KeyGroupAck"/> once their
/// rows are out, or by <see cref="KeyGroupGap"/>.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Batches">The batches.</param>
sealed record Deliver(int Group, byte[] Batches) : IKeyGroupMessage;

/// <summary>
/// A part of a <see cref="Deliver"/> that is larger than a frame may be. The group puts the parts together. When a part
/// is lost, the sender sends the whole message again after its time-out, as it does with any message.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Message">
/// A number that the sender gives to each message, and a new one when it sends the same message again.
/// </param>
/// <param name="Index">Which part this is, from 0.</param>
/// <param name="Count">How many parts the message has.</param>
/// <param name="Bytes">The part.</param>
sealed record DeliverPart(int Group, long Message, int Index, int Count, byte[] Bytes) : IKeyGroupMessage
{
    /// <summary>The most bytes of one part: with its envelope it stays below a frame of 64 KiB.</summary>
    internal const int BytesMax = 60_000;

    /// <summary>
    /// The most parts of one message: together 256 MiB. A message is at least as large as one record, and librdkafka
    /// reads no record above 100 MB unless it is told to (receive.message.max.bytes).
    /// </summary>
    internal const int CountMax = (256 << 20) / BytesMax;

    /// <exception cref="MalformedBatchException">No sender makes a part with such numbers or such a length.</exception>
    internal void Check()
    {
        if (Count is < 1 or > CountMax || (uint)Index >= (uint)Count || Bytes.Length is < 1 or > BytesMax)
            throw new MalformedBatchException($"part {Index} of {Count} with {Bytes.Length} bytes");
    }

    /// <summary>The parts of a message, in order.</summary>
    internal static IEnumerable<DeliverPart> Split(Deliver message, long number, int bytesMax = BytesMax)
    {
        var count = ((message.Batches.Length - 1) / bytesMax) + 1;
        for (var i = 0; i < count; i++)
        {
            var from = i * bytesMax;
            var to = Math.Min(from + bytesMax, message.Batches.Length);
            yield return new DeliverPart(message.Group, number, i, count, message.Batches[from..to]);
        }
    }
}

/// <summary>Ticks for a key group. One array serves all groups.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Ticks">The ticks.</param>
/// <param name="Flush">Whether the group journals them at once instead of with its next event.</param>
sealed record DeliverTicks(int Group, Tick[] Ticks, bool Flush) : IKeyGroupMessage
{
    /// <summary>
    /// The group's events that the ticks are based on. The ticks are true only while all of them are in its journal.
    /// Format 1 names none.
    /// </summary>
    internal EventId[] BasedOn { get; init; } = [];

    /// <summary>
    /// Comes back in the answer, which then says that all of these events are in the group's journal; 0 = the sender
    /// does not ask.
    /// </summary>
    internal long Stamp { get; init; }
}

/// <summary>
/// The end of input: a bounded run has read everything. Raises the watermark of every partition of each side to these
/// values at least, so that every row that is still to come is due. Answered by <see cref="InputEnded"/> once the rows
/// are out.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Left">The left watermark, ms since the epoch.</param>
/// <param name="Right">The right watermark, ms since the epoch.</param>
sealed record EndInput(int Group, long Left, long Right) : IKeyGroupMessage
{
    /// <summary>
    /// The group's events by which the sender knows that everything is applied. The input ends only while all of them
    /// are in the group's journal; otherwise <see cref="KeyGroupFellBack"/> is the answer. Up to format 2 none is
    /// named.
    /// </summary>
    internal EventId[] BasedOn { get; init; } = [];
}

/// <summary>
/// Asks a key group to journal at once what it knows, above all which rows are confirmed: then the next start sends
/// nothing again. Answered by <see cref="KeyGroupAck"/> without items.
/// </summary>
/// <param name="Group">The key group.</param>
sealed record FlushKeyGroup(int Group) : IKeyGroupMessage;

/// <summary>Asks for <see cref="KeyGroupStatus"/>.</summary>
sealed record AskStatus(int Group) : IKeyGroupMessage;

/// <summary>Starts a key group, or finds it running: the shard region starts the actor if there is none.</summary>
sealed record StartKeyGroup(int Group) : IKeyGroupMessage;

/// <summary>
/// Sharding sends it to a key group that another node is to have. The group takes nothing more, waits until its rows
/// are confirmed, journals that, and stops.
/// </summary>
sealed record StopKeyGroup : IWireMessage
{
    internal static readonly StopKeyGroup Instance = new();
}

/// <summary>
/// A node of format 1 sends it when it finds that the journal is older than the committed offsets. This version reads
/// it and ignores it: the ids of its rows name the incarnation, so they need no new journal id.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="JournalId">The journal's new id.</param>
sealed record RenewJournal(int Group, string JournalId) : IKeyGroupMessage;
