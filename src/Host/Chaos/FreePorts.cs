using System.Net;
using System.Net.Sockets;

namespace AkkaJoin.Host.Chaos;

/// <summary>Ports of the loopback interface that nobody uses at this moment.</summary>
static class FreePorts
{
    /// <summary>So many different ones.</summary>
    internal static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    /// <summary>One whose next number is free too.</summary>
    internal static int TakePair()
    {
        while (true)
        {
            var port = Take(1)[0];
            try
            {
                using var next = new TcpListener(IPAddress.Loopback, port + 1);
                next.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: another pair.
            }
        }
    }
}
