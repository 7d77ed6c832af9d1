using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Puts messages together that came in parts. Holds at most so many bytes; what does not become whole is given up when room is needed, the
/// oldest first, and comes again. A number that a part names costs nothing by itself: memory is taken for what came, and what came is charged for, the
/// objects around it included.
/// </summary>
sealed class PartAssembly(int bytesMax)
{
    /// <summary>What a message is charged beside its parts, and each part beside its bytes.</summary>
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

    /// <summary>What the parts cost that wait for others.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Takes a part in; returns the batches of its message once all parts are there, or null.</summary>
    /// <exception cref="Batches.MalformedBatchException">No sender makes such a part.</exception>
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

        GiveUpOldest(key);
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

    // Never the one that grows: a message larger than the limit comes alone.
    void GiveUpOldest((object Sender, long Message) current)
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
