using System.Net;
using System.Net.Sockets;

namespace AkkaJoin.Shards.Tests.Databases;

/// <summary>
/// Ports for servers that the tests start. They lie below those that the system gives to outgoing connections: such a connection could
/// take one between its choice and its use, or while a killed server is down.
/// </summary>
static class LoopbackPorts
{
    /// <summary>One that nobody listens on, and nobody on the number after it: Kafka's controller takes that.</summary>
    internal static int TakePair()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            if (IsFree(port) && IsFree(port + 1))
                return port;
        }
    }

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
