using System.Net;
using System.Net.Sockets;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Demo;

/// <summary>
/// What <c>--stay</c> does behind the validation: records go on coming, a hundred a second, and the join runs on as
/// <c>akkajoin run</c> does it, with its page, until Ctrl-C.
/// </summary>
/// <param name="kafka">The broker.</param>
/// <param name="file">The demo's configuration.</param>
/// <param name="seed">Of the workload that was validated; this one has the next.</param>
/// <param name="say">Says a line.</param>
sealed class DemoStay(EmbeddedKafka kafka, string file, int seed, Action<string> say)
{
    /// <summary>
    /// How far the validated workload ends before now. The end of its input closes time up to twice the window and the
    /// out-of-orderness behind its last record; what comes now must not be late.
    /// </summary>
    internal static readonly TimeSpan Gap = TimeSpan.FromMinutes(25);

    /// <summary>Runs until the process is asked to stop.</summary>
    internal async Task RunAsync()
    {
        using var signals = StopSignals.Listen();
        var config = ConfigLoader.Load(file, $"akkajoin.admin.port = {Port()}");
        await using var node = await Node.StartAsync(config, new EngineOptions(), null, CancellationToken.None);
        using var stopping = new CancellationTokenSource();
        var workload = new Workload(int.MaxValue, seed + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var feeding = Task.Run(() => DemoFeeder.FeedLiveAsync(kafka.BootstrapServers, workload, stopping.Token));
        say("");
        say("The join runs on, a hundred records a second, until Ctrl-C.");
        if (node.AdminAddress is { } address)
        {
            say($"  page      akkajoin page {address}");
            say($"  commands  akkajoin pbm {address}");
        }

        await Task.WhenAny(signals.Asked, node.Joins[0].Completion);
        await stopping.CancelAsync();
        await feeding;
        await Task.WhenAll(node.Joins.Select(join => join.DrainAsync()));
    }

    // The port that akkajoin page and pbm ask where nothing is said, if nobody has it.
    static int Port()
    {
        using var probe = new TcpListener(IPAddress.Loopback, AdminSettings.StandardPort);
        try
        {
            probe.Start();
            return AdminSettings.StandardPort;
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
