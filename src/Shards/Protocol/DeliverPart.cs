using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// A part of a <see cref="Deliver"/> that is larger than a frame may be. The group puts the parts together; when one of them is lost, the whole is
/// sent again after its time-out, like any message.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="Message">A number that the sender gives to each message anew, also when it sends the same again.</param>
/// <param name="Index">Which part this is, from 0.</param>
/// <param name="Count">How many parts the message has.</param>
/// <param name="Bytes">The part.</param>
sealed record DeliverPart(int Group, long Message, int Index, int Count, byte[] Bytes) : IGroupMessage
{
    /// <summary>The most bytes of one part: with its envelope it stays below a frame of 64 KiB.</summary>
    internal const int BytesMax = 60_000;

    /// <summary>
    /// The most parts of one message, which are 256 MiB: a message is as large as one record at least, and librdkafka reads none above 100 MB unless told to
    /// (receive.message.max.bytes).
    /// </summary>
    internal const int CountMax = (256 << 20) / BytesMax;

    /// <exception cref="MalformedBatchException">The numbers or the length are those of no part.</exception>
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
