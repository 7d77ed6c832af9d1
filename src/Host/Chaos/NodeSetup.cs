using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Host.Running;

namespace AkkaJoin.Host.Chaos;

/// <summary>How nodes are started: one configuration for all, the ports of each in its environment.</summary>
/// <param name="ConfigFile">The run's configuration.</param>
/// <param name="Join">The run's join.</param>
/// <param name="Sentence">What a node says when the join runs.</param>
/// <param name="Ports">The remoting ports, one a node.</param>
/// <param name="AdminPorts">The ports of the nodes' questions and answers, one a node.</param>
sealed record NodeSetup(string ConfigFile, string Join, string Sentence, int[] Ports, int[] AdminPorts)
{
    const string Loopback = "127.0.0.1";

    /// <summary>A node of the cluster.</summary>
    internal ProcessStartInfo Node(int node) => With(OwnProgram.StartInfo("run", "--join", Join, "-c", ConfigFile), node, Ports);

    /// <summary>The run that closes time at the end, alone.</summary>
    internal ProcessStartInfo Closing() =>
        With(OwnProgram.StartInfo("run", "--bounded", "--json", "--join", Join, "-c", ConfigFile), 0, [Ports[0]]);

    ProcessStartInfo With(ProcessStartInfo start, int node, int[] seeds)
    {
        start.Environment["AKKAJOIN_HOSTNAME"] = Loopback;
        start.Environment.Remove("AKKAJOIN_BIND_HOSTNAME");
        start.Environment["AKKAJOIN_PORT"] = Text(Ports[node]);
        start.Environment["AKKAJOIN_ADMIN_PORT"] = Text(AdminPorts[node]);
        start.Environment["AKKAJOIN_SEEDS"] = string.Join(',', seeds.Select(p => $"{Loopback}:{Text(p)}"));
        return start;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
