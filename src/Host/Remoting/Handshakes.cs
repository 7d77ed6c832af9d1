using System.Net.Sockets;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// The handshakes under way, so many at once. Where one more comes, the oldest gives way: a node's takes milliseconds, and so the oldest is of a stranger
/// who says nothing. To refuse the newest instead would let a few who say nothing keep every node out.
/// </summary>
/// <param name="max">How many.</param>
sealed class Handshakes(int max)
{
    readonly Lock _gate = new();
    readonly LinkedList<Handshake> _underWay = new();

    /// <summary>Takes one more, and closes the oldest where they are too many.</summary>
    internal Handshake Begin(Socket socket)
    {
        var begun = new Handshake(this, socket);
        Handshake? oldest = null;
        lock (_gate)
        {
            _underWay.AddLast(begun.Place);
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
            if (handshake.Place.List is not null)
                _underWay.Remove(handshake.Place);
            return !handshake.HasGivenWay;
        }
    }
}
