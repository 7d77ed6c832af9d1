using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Puts messages together that came in parts. It keeps at most so many bytes. When it needs room it drops the oldest
/// message that is not whole; the sender sends that again. The count that a part names costs no memory: only the parts
/// that came do, with the objects around them.
/// </summary>
sealed class PartAssembly(int bytesMax)
{
    /// <summary>Bytes that a message is charged beside its parts, and each part beside its bytes.</summary>
    internal const int MessageCost = 256, PartCost = 64;

    sealed class Whole(int count)
    {
        internal int Count => count;

        internal Dictionary<int, byte[]> Parts { get; } = [];

        internal long Cost => MessageCost + Parts.Values.Sum(part => (long)part.Length + PartCost);
    }

    // In the order in which their first parts came.
    readonly LinkedList<(object Sender, long Message)> _order = new();
    readonly Dictionary<(object Sender, long Message), Whole> _messages = [];

    /// <summary>Bytes that the waiting parts are charged.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Adds a part. Returns the batches of its message once all parts are there; null before.</summary>
    /// <exception cref="Encodings.MalformedBatchException">No sender makes such a part.</exception>
    internal byte[]? Add(object sender, DeliverPart part)
    {
        part.Check();
        var key = (sender, part.Message);
        if (!_messages.TryGetValue(key, out var whole))
        {
            whole = new Whole(part.Count);
            _messages.Add(key, whole);
            _order.AddLast(key);
            Bytes += MessageCost;
        }

        if (part.Count != whole.Count || !whole.Parts.TryAdd(part.Index, part.Bytes))
            return null;
        Bytes += part.Bytes.Length + PartCost;
        if (whole.Parts.Count == whole.Count)
        {
            Remove(key, whole);
            return Joined(whole);
        }

        DropOldest(key);
        return null;
    }

    static byte[] Joined(Whole whole)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(whole.Parts.Values.Sum(part => part.Length));
        var position = 0;
        for (var i = 0; i < whole.Count; i++)
        {
            whole.Parts[i].CopyTo(bytes, position);
            position += whole.Parts[i].Length;
        }

        return bytes;
    }

    // Never the message that grows: one that is larger than the limit stands alone.
    void DropOldest((object Sender, long Message) current)
    {
        while (Bytes > bytesMax && _order.First!.Value != current)
            Remove(_order.First.Value, _messages[_order.First.Value]);
    }

    void Remove((object Sender, long Message) key, Whole whole)
    {
        Bytes -= whole.Cost;
        _messages.Remove(key);
        _order.Remove(key);
    }
}
