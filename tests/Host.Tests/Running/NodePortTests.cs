using System.Net;
using System.Net.Sockets;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>The port that a node has for itself.</summary>
public sealed class NodePortTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-port-");
    readonly int _port = FreePorts.Find(1)[0];

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_second_node_on_a_live_node_s_port_is_refused_with_the_keys_that_set_it()
    {
        using var first = await StartAsync("first");
        var refused = await Assert.ThrowsAsync<UserException>(() => StartAsync("second"));
        Assert.Equal(ExitCodes.Failed, refused.ExitCode);
        Assert.Contains($"port {_port} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("akkajoin.cluster.port (AKKAJOIN_PORT)", refused.Message, StringComparison.Ordinal);
        await EndAsync(first);
    }

    [Fact]
    public async Task Another_program_on_the_port_is_told_the_same_way()
    {
        using var other = new TcpListener(IPAddress.Loopback, _port);
        other.Start();
        var refused = await Assert.ThrowsAsync<UserException>(() => StartAsync("node"));
        Assert.Contains("akkajoin.cluster.port (AKKAJOIN_PORT)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_cannot_listen_gives_its_journal_free()
    {
        using var other = new TcpListener(IPAddress.Loopback, _port);
        other.Start();
        var config = Config("node");
        await Assert.ThrowsAsync<UserException>(() => Node.StartAsync(config, new EngineOptions(), null, default));
        NodeJournal.Open(config.Settings.Journal).Dispose(); // one that is open is refused
    }

    [Fact]
    public async Task A_node_has_its_port_again_although_connections_of_its_last_life_are_not_forgotten_yet()
    {
        // Whoever closes first keeps the address in TIME_WAIT, as the kernel does for a process that is killed.
        using (var last = new TcpListener(IPAddress.Loopback, _port))
        {
            last.Start();
            using var caller = new TcpClient();
            await caller.ConnectAsync(IPAddress.Loopback, _port);
            using (var accepted = await last.AcceptTcpClientAsync())
                accepted.Client.Shutdown(SocketShutdown.Both);
        }

        using var node = await StartAsync("node");
        await EndAsync(node);
    }

    [Fact]
    public async Task An_address_of_another_machine_names_the_keys_too()
    {
        var refused = await Assert.ThrowsAsync<UserException>(() => StartAsync("node", cluster => cluster with { BindHostname = "192.0.2.1" }));
        Assert.Contains("AKKAJOIN_BIND_HOSTNAME", refused.Message, StringComparison.Ordinal);
    }

    async Task<IHost> StartAsync(string name, Func<ClusterSettings, ClusterSettings>? change = null)
    {
        var config = Config(name);
        config = config with { Settings = config.Settings with { Cluster = (change ?? (same => same))(config.Settings.Cluster) } };
        var journal = NodeJournal.Open(config.Settings.Journal);
        try
        {
            return await NodeSystem.StartAsync(config, journal, [], NodeTls.Of(config.Settings.Cluster, journal));
        }
        finally
        {
            journal.Dispose();
        }
    }

    LoadedConfig Config(string name) => ConfigLoader.LoadText(
            $$"""
            akkajoin {
              kafka.bootstrap-servers = "127.0.0.1:1"
              sqlite.directory = "{{Path.Combine(_directory.FullName, name)}}"
              cluster.port = {{_port}}
              joins.test {
                type = inner, before = 0s, after = 1m
                left { topic = l, key = k, time = t }
                right { topic = r, key = k, time = t }
                output.topic = rows
              }
            }
            """,
            "test.conf");

    static async Task EndAsync(IHost host)
    {
        await NodeSystem.Of(host).Terminate();
        await host.StopAsync();
    }
}
