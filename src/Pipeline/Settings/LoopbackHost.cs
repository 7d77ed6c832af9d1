using System.Net;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Says of a host whether only this machine reaches it.</summary>
static class LoopbackHost
{
    /// <summary>Whether a host name or an address is one of loopback.</summary>
    internal static bool Is(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
