using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Puts messages together that came in parts. Holds at most so many bytes; what does not become whole is given up when room is needed, the
/// oldest first, and comes again.
/// </summary>
sealed class PartAssembly(int bytesMax)
{
    sealed class Whole(int count)
    {
        internal byte[]?[] Parts { get; } = new byte[count][];

        internal int Missing { get; set; } = count;
    }

    // In the order in which their first parts came.
    readonly LinkedList<(object Sender, long Message)> _order = new();
    readonly Dictionary<(object Sender, long Message), Whole> _messages = [];

    /// <summary>Bytes of parts that wait for others.</summary>
    internal int Bytes { get; private set; }

    /// <summary>Takes a part in; returns the batches of its message once all parts are there, or null.</summary>
    internal byte[]? Add(object sender, DeliverPart part)
    {
        var key = (sender, part.Message);
        if (!_messages.TryGetValue(key, out var whole))
        {
            whole = new Whole(part.Count);
            _messages.Add(key, whole);
            _order.AddLast(key);
        }

        if (part.Count != whole.Parts.Length || (uint)part.Index >= (uint)part.Count || whole.Parts[part.Index] is not null)
            return null;
        whole.Parts[part.Index] = part.Bytes;
        whole.Missing--;
        Bytes += part.Bytes.Length;
        if (whole.Missing == 0)
        {
            Remove(key, whole);
            return Joined(whole);
        }

        GiveUpOldest(key);
        return null;
    }

    static byte[] Joined(Whole whole)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(whole.Parts.Sum(p => p!.Length));
        var position = 0;
        foreach (var part in whole.Parts)
        {
            part!.CopyTo(bytes, position);
            position += part.Length;
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
        Bytes -= whole.Parts.Sum(p => p?.Length ?? 0);
        _messages.Remove(key);
        _order.Remove(key);
    }
}
