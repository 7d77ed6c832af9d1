using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Shards.Journal.Sqlite;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>The remoting's own transport: TLS 1.3, every byte, and strangers who cost nothing.</summary>
public sealed class NodeTransportTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-transport-");
    readonly List<ActorSystem> _systems = [];
    SqliteJournal _journal = null!;
    NodeTls _tls = null!;

    public Task InitializeAsync()
    {
        _journal = SqliteJournal.Open(_directory.FullName);
        _tls = NodeTls.OfJournal(_journal);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(system => system.Terminate()));
        _journal.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Messages_of_any_size_arrive_in_order_and_answers_come_back()
    {
        var (one, other) = (System(), System());
        other.ActorOf(Props.Create<Echo>(), "echo");
        var sizes = Enumerable.Range(0, 400).Select(i => i * 97 % 60_000).ToList();
        var back = new ConcurrentQueue<int>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asker = one.ActorOf(Props.Create(() => new Collector(back, sizes.Count, done)));
        foreach (var size in sizes)
            Remote(one, other, "/user/echo").Tell(new Deliver(1, Bytes(size)), asker);
        await done.Task.WaitAsync(Patience);
        Assert.Equal(sizes, back);
    }

    [Fact]
    public async Task A_handshake_is_of_TLS_1_3_and_one_of_1_2_is_taken()
    {
        var node = System();
        foreach (var version in new[] { SslProtocols.Tls13, SslProtocols.Tls12 })
        {
            await using var tls = await ConnectAsync(node);
            var options = Options();
            if (version == SslProtocols.Tls12)
                options.EnabledSslProtocols = version;
            await tls.AuthenticateAsClientAsync(options);
            Assert.Equal(version, tls.SslProtocol);
        }
    }

    [Fact]
    public async Task Strangers_who_open_connections_and_say_nothing_or_nonsense_keep_no_node_out()
    {
        var (one, other) = (System(), System());
        other.ActorOf(Props.Create<Echo>(), "echo");
        var strangers = new List<TcpClient>();
        for (var i = 0; i < 20; i++)
        {
            var stranger = new TcpClient();
            await stranger.ConnectAsync(IPAddress.Loopback, Port(other));
            if (i % 2 == 0)
                await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            strangers.Add(stranger);
        }

        var answer = await Remote(one, other, "/user/echo").Ask<Deliver>(new Deliver(1, [1]), Patience);
        Assert.Equal([1], answer.Batches.ToArray());
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task However_many_strangers_say_nothing_a_node_that_calls_after_them_is_heard()
    {
        var node = System();
        var strangers = new List<TcpClient>();
        for (var i = 0; i < 200; i++)
        {
            var stranger = new TcpClient();
            await stranger.ConnectAsync(IPAddress.Loopback, Port(node));
            strangers.Add(stranger);
        }

        await using (var tls = await ConnectAsync(node))
            await tls.AuthenticateAsClientAsync(Options()).WaitAsync(Patience);

        // Of those who came first no connection is left, as the last ones took their places.
        Assert.True(await IsClosedAsync(strangers[0]));
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task A_handshake_that_the_stop_of_a_node_ends_is_not_said_to_be_refused()
    {
        var system = System("WARNING");
        var warnings = new ConcurrentQueue<string>();
        var (refused, last) = (new TaskCompletionSource(), new TaskCompletionSource());
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Warnings(warnings, refused, last))), typeof(Warning));
        var transport = new NodeTransport(system, system.Settings.Config.GetConfig("akka.remote.dot-netty.tcp"));
        var (address, listener) = await transport.Listen();
        listener.SetResult(new ActorAssociationEventListener(ActorRefs.Nobody));
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, address.Port!.Value);
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(IPAddress.Loopback, address.Port!.Value);
        await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await refused.Task.WaitAsync(Patience); // so the one before it shakes hands by now
        await transport.Shutdown();
        Assert.True(await IsClosedAsync(silent));
        system.EventStream.Publish(new Warning("", typeof(NodeTransportTests), Warnings.Last));
        await last.Task.WaitAsync(Patience);
        Assert.Single(warnings);
    }

    [Fact]
    public async Task Whoever_comes_for_a_connection_that_is_over_is_told_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var called = new TcpClient();
        await called.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        var socket = await listener.AcceptSocketAsync();
        var (ours, theirs) = (new SslStream(new NetworkStream(socket)), new SslStream(called.GetStream()));
        await Task.WhenAll(ours.AuthenticateAsServerAsync(_tls.ServerOptions((_, shown, chain, _) => _tls.Takes(shown, chain, "peer", NoLogger.Instance))), theirs.AuthenticateAsClientAsync(Options()));
        var address = new Address(NodeTransport.Scheme, "akkajoin", "127.0.0.1", 1);
        var connection = new NodeConnection(address, address, socket, ours, 1024);
        var serving = connection.RunAsync();
        await theirs.DisposeAsync();
        called.Dispose();
        await connection.EndAsync().WaitAsync(Patience);
        await serving;
        var told = new Listener();
        connection.ReadHandlerSource.SetResult(told);
        Assert.IsType<Disassociated>(await told.First.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_node_goes_on_though_whoever_listens_where_another_was_speaks_no_TLS_or_shows_another_certificate()
    {
        var one = System();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = listener.AcceptTcpClientAsync();
        var path = $"akka.ssl.tcp://akkajoin@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/user/echo";
        ((ExtendedActorSystem)one).Provider.ResolveActorRef(path).Tell(new StartKeyGroup(1), ActorRefs.NoSender);
        using (var called = await accepting.WaitAsync(Patience))
            await called.GetStream().WriteAsync("220 what\r\n"u8.ToArray());
        var other = System();
        other.ActorOf(Props.Create<Echo>(), "echo");
        await Remote(one, other, "/user/echo").Ask<Deliver>(new Deliver(1, [1]), Patience);
        Assert.Null(CoordinatedShutdown.Get(one).ShutdownReason);
    }

    [Fact]
    public async Task A_frame_longer_than_the_limit_ends_its_connection_and_no_other()
    {
        var node = System();
        await using (var tls = await ConnectAsync(node))
        {
            await tls.AuthenticateAsClientAsync(Options());
            await tls.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0x7f });
            Assert.Equal(0, await tls.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
        }

        node.ActorOf(Props.Create<Echo>(), "echo");
        await Remote(System(), node, "/user/echo").Ask<Deliver>(new Deliver(1, [1]), Patience);
    }

    [Fact]
    public async Task What_was_said_before_the_end_of_an_actor_system_arrives()
    {
        var (one, other) = (System(), System());
        var arrived = new ConcurrentQueue<int>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        other.ActorOf(Props.Create(() => new Collector(arrived, 200, done)), "last");
        await Remote(one, other, "/user/last").Ask<ActorIdentity>(new Identify(1), Patience); // they are connected
        foreach (var i in Enumerable.Range(0, 200))
            Remote(one, other, "/user/last").Tell(new Deliver(1, Bytes(i)), ActorRefs.NoSender);
        await one.Terminate();
        await done.Task.WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 200), arrived);
    }

    ActorSystem System(string loglevel = "OFF")
    {
        var config = ConfigurationFactory.ParseString($"akka.loglevel = {loglevel}").WithFallback(ConfigurationFactory.ParseString("""
            akka {
              stdout-loglevel = OFF
              actor.provider = remote
              remote.dot-netty.tcp {
                transport-class = "AkkaJoin.Host.Remoting.NodeTransport, akkajoin"
                hostname = "127.0.0.1"
                port = 0
                maximum-frame-size = 65536b
              }
            }
            """)).WithFallback(KeyGroupRegion.Serialization);
        var system = ActorSystem.Create("akkajoin", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)).And(new NodeTlsSetup(_tls)));
        _systems.Add(system);
        return system;
    }

    static async Task<SslStream> ConnectAsync(ActorSystem node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port(node));
        return new SslStream(new NetworkStream(socket, ownsSocket: true));
    }

    SslClientAuthenticationOptions Options() => _tls.ClientOptions("127.0.0.1", (_, shown, chain, _) => _tls.Takes(shown, chain, "node", NoLogger.Instance));

    static async Task<bool> IsClosedAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0;
        }
        catch (IOException)
        {
            return true; // reset
        }
    }

    static int Port(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress.Port!.Value;

    static IActorRef Remote(ActorSystem from, ActorSystem to, string path) =>
        ((ExtendedActorSystem)from).Provider.ResolveActorRef(((ExtendedActorSystem)to).Provider.DefaultAddress + path);

    static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)i)];

    sealed class Listener : IHandleEventListener
    {
        internal TaskCompletionSource<IHandleEvent> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Notify(IHandleEvent ev) => First.TrySetResult(ev);
    }

    sealed class Warnings(ConcurrentQueue<string> warnings, TaskCompletionSource first, TaskCompletionSource last) : UntypedActor
    {
        internal const string Last = "the last";

        protected override void OnReceive(object message)
        {
            if (message is not Warning warning)
                return;
            if (warning.Message.ToString() == Last)
            {
                last.TrySetResult();
                return;
            }

            warnings.Enqueue(warning.Message.ToString()!);
            first.TrySetResult();
        }
    }

    sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    sealed class Collector : UntypedActor
    {
        readonly ConcurrentQueue<int> _sizes;
        readonly int _count;
        readonly TaskCompletionSource _done;

        public Collector(ConcurrentQueue<int> sizes, int count, TaskCompletionSource done) => (_sizes, _count, _done) = (sizes, count, done);

        protected override void OnReceive(object message)
        {
            if (message is not Deliver deliver)
                return;
            Assert.Equal(Bytes(deliver.Batches.Length), deliver.Batches.ToArray());
            _sizes.Enqueue(deliver.Batches.Length);
            if (_sizes.Count == _count)
                _done.TrySetResult();
        }
    }
}
