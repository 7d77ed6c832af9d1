using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Event;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// Asks a node that does not answer whether it refuses this one's certificate. In TLS 1.3 the caller's handshake ends
/// before the other side has looked at the caller's certificate. So a refusal looks like a connection that closes. The
/// probe stays silent after its handshake: only a node that refuses it closes then. A connection that closes earlier
/// tells nothing, since a proxy without a node behind it does that too.
/// </summary>
sealed class TlsProbe(NodeTls own, ILoggingAdapter log)
{
    // A node that dies closes its connections as well, but once: then it is not there any more.
    const int TimesToBeSure = 2;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Whether the node refuses this one's certificate, or shows one that does not come from the authority. False where
    /// nobody listens.
    /// </summary>
    internal async Task<bool> IsRefusedAsync(Address node, CancellationToken stopping)
    {
        for (var i = 0; i < TimesToBeSure; i++)
        {
            if (i > 0)
                await Task.Delay(Pause, stopping);
            if (!await IsClosedAsync(node, stopping))
                return false;
        }

        return true;
    }

    async Task<bool> IsClosedAsync(Address node, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(Patience);
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(node.Host, node.Port ?? 0, limit.Token);
            return await IsClosedAsync(tcp.GetStream(), node, limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            stopping.ThrowIfCancellationRequested();
            return false;
        }
    }

    async Task<bool> IsClosedAsync(NetworkStream connection, Address node, CancellationToken limit)
    {
        await using var tls = new SslStream(connection);
        var isShaken = false;
        try
        {
            var options = own.ClientOptions(node.Host ?? "", (_, shown, chain, _) => own.Takes(shown, chain, node.ToString(), log));
            await tls.AuthenticateAsClientAsync(options, limit);
            isShaken = true;
            return await tls.ReadAsync(new byte[1], limit) == 0;
        }
        catch (AuthenticationException)
        {
            return true;
        }
        catch (IOException)
        {
            return isShaken;
        }
    }
}
