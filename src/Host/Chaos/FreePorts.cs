using System.Net;
using System.Net.Sockets;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Ports of the loopback interface that nobody uses at this moment. They lie below those that Linux and Windows give to
/// outgoing connections: such a connection could take one between its choice and its use, or while a server on it is
/// dead.
/// </summary>
static class FreePorts
{
    const int Lowest = 10_000;
    const int End = 32_000;

    /// <summary>So many different ones.</summary>
    internal static int[] Find(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(Lowest, End);
            if (IsFree(port))
                ports.Add(port);
        }

        return [.. ports];
    }

    /// <summary>One whose next number is free too.</summary>
    internal static int FindPair()
    {
        while (true)
        {
            var port = Find(1)[0];
            if (IsFree(port + 1))
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
