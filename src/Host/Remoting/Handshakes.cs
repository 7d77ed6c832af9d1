using System.Net.Sockets;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// The handshakes under way, so many at once. Where one more comes, the oldest gives way: a node's takes milliseconds,
/// and so the oldest is of a stranger who says nothing. To refuse the newest instead would let a few who say nothing
/// keep every node out.
/// </summary>
/// <param name="max">How many.</param>
sealed class Handshakes(int max)
{
    readonly Lock _gate = new();
    readonly LinkedList<Handshake> _underWay = new();

    /// <summary>Takes one more, and closes the oldest where they are too many.</summary>
    internal Handshake Add(Socket socket)
    {
        var begun = new Handshake(this, socket);
        Handshake? oldest = null;
        lock (_gate)
        {
            _underWay.AddLast(begun.Entry);
            if (_underWay.Count > max)
            {
                oldest = _underWay.First!.Value;
                oldest.HasGivenWay = true;
                _underWay.RemoveFirst();
            }
        }

        oldest?.Socket.Dispose();
        return begun;
    }

    internal bool End(Handshake handshake)
    {
        lock (_gate)
        {
            if (handshake.Entry.List is not null)
                _underWay.Remove(handshake.Entry);
            return !handshake.HasGivenWay;
        }
    }
}

/// <summary>A handshake under way with someone who called.</summary>
sealed class Handshake : IDisposable
{
    /// <summary>Why it failed where newer ones took its place.</summary>
    internal const string GaveWay = "it was not over when many others came";

    readonly Handshakes _all;

    internal Handshake(Handshakes all, Socket socket)
    {
        _all = all;
        Socket = socket;
        Entry = new LinkedListNode<Handshake>(this);
    }

    internal Socket Socket { get; }

    internal LinkedListNode<Handshake> Entry { get; }

    /// <summary>Whether newer ones took its place; its socket is closed then.</summary>
    internal bool HasGivenWay { get; set; }

    /// <summary>It is over. False where it had given way.</summary>
    internal bool End() => _all.End(this);

    /// <inheritdoc/>
    public void Dispose() => End();
}
