using System.Globalization;

namespace AkkaJoin.Cockpit.Client;

/// <summary>
/// Whose process listens on a port of this machine. While a node is down another user could listen at its port and
/// gather the tokens of those who ask; Linux says who does (<c>/proc/net/tcp</c>, field uid).
/// </summary>
static class ListenerOwner
{
    const string Listening = "0A";

    /// <summary>
    /// Whether a process of another user, who is not root, listens on the port. False where the system does not tell.
    /// </summary>
    internal static bool IsSomebodyElse(int port)
    {
        try
        {
            var own = Uid(File.ReadLines("/proc/self/status"));
            string[] tables = ["/proc/net/tcp", "/proc/net/tcp6"];
            return tables.Where(File.Exists).SelectMany(table => Owners(File.ReadLines(table), port)).Any(uid => uid != own && uid != 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The users of the sockets that listen on a port, of the lines of a table.</summary>
    internal static IEnumerable<int> Owners(IEnumerable<string> lines, int port) => lines.Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields.Length > 7 && fields[3] == Listening && PortOf(fields[1]) == port)
        .Select(fields => int.Parse(fields[7], CultureInfo.InvariantCulture));

    static int PortOf(string address) =>
        int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static int Uid(IEnumerable<string> status)
    {
        var line = status.First(text => text.StartsWith("Uid:", StringComparison.Ordinal));
        return int.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture);
    }
}
