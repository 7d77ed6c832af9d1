using System.Net.Sockets;

namespace AkkaJoin.Host.Remoting;

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
        Place = new LinkedListNode<Handshake>(this);
    }

    internal Socket Socket { get; }

    internal LinkedListNode<Handshake> Place { get; }

    /// <summary>Whether newer ones took its place; its socket is closed then.</summary>
    internal bool HasGivenWay { get; set; }

    /// <summary>It is over. False where it had given way.</summary>
    internal bool End() => _all.End(this);

    /// <inheritdoc/>
    public void Dispose() => End();
}
