using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// Akka's remoting over TLS, made by the runtime's own SslStream: frames as Akka's TCP transport writes them (a length
/// of four bytes, little-endian, and the payload), so that the two understand each other. Akka's knows no TLS above
/// 1.2, ends the whole actor system where a handshake that it began fails, whoever listens there, gives a connection as
/// long as it likes for its handshake, and writes several long lines of each that failed.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Akka ends it with Shutdown.")]
sealed class NodeTransport : Transport
{
    /// <summary>What its address begins with, after "akka.".</summary>
    internal const string Scheme = "ssl.tcp";

    // Whoever has no certificate can do no more than open connections: so many at once are looked at, each so long.
    const int HandshakesMax = 64;

    // What Akka's protocol writes around a payload.
    const int OverheadBytes = 1024;
    static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromMilliseconds(100);

    readonly ILoggingAdapter _log;
    readonly NodeTls _tls;
    readonly string _hostname;
    readonly string _publicHostname;
    readonly int _port;
    readonly int _backlog;
    readonly bool _isIPv6;
    readonly TaskCompletionSource<IAssociationEventListener> _listener = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentDictionary<NodeConnection, byte> _connections = new();
    readonly Handshakes _handshakes = new(HandshakesMax);
    readonly CancellationTokenSource _stopping = new();
    Socket? _socket;
    Address? _address;

    /// <summary>Made by Akka, for the configuration <c>akka.remote.dot-netty.tcp</c>.</summary>
    public NodeTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        SchemeIdentifier = Scheme;
        MaximumPayloadBytes = config.GetByteSize("maximum-frame-size") ?? throw new ConfigurationException("maximum-frame-size is not set");
        _log = Logging.GetLogger(system, typeof(NodeTransport));
        _tls = system.Settings.Setup.Get<NodeTlsSetup>() is { HasValue: true } setup
            ? setup.Value.Tls
            : throw new ConfigurationException("no certificate was given");
        _hostname = config.GetString("hostname");
        _publicHostname = config.GetString("public-hostname") is { Length: > 0 } name ? name : _hostname;
        _port = config.GetInt("port");
        _backlog = config.GetInt("backlog");
        _isIPv6 = config.GetBoolean("dns-use-ipv6");
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => true;

    /// <inheritdoc/>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var address = new IPEndPoint(await AddressOfAsync(_hostname, _stopping.Token), _port);

        // Without address reuse: a second process would get half of the connections.
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(address);
            _socket.Listen(_backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _address = new Address(Scheme, System.Name, HostOf(_publicHostname), ((IPEndPoint)_socket.LocalEndPoint!).Port);
        _ = AcceptAsync(_socket);
        return (_address, _listener);
    }

    /// <inheritdoc/>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        Socket? socket = null;
        SslStream? stream = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(ConnectTimeout);
            var host = remoteAddress.Host ?? "";
            var address = new IPEndPoint(await AddressOfAsync(host, limit.Token), remoteAddress.Port ?? 0);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, limit.Token);
            Tune(socket);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = _tls.ClientOptions(
                host.Trim('[', ']'), (_, shown, chain, _) => _tls.Takes(shown, chain, remoteAddress.ToString(), _log));
            await stream.AuthenticateAsClientAsync(options, limit.Token);
            return OpenConnection(socket, stream, remoteAddress);
        }
        catch (Exception e)
        {
            // Whatever it is (a certificate that cannot be parsed, say): no socket is left open, and Akka knows this
            // one kind of failure.
            await CloseAsync(socket, stream);
            throw new InvalidAssociationException(
                $"{remoteAddress}: {(e is OperationCanceledException ? "no answer in time" : e.GetBaseException().Message)}", e);
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> Shutdown()
    {
        await _stopping.CancelAsync();
        _socket?.Dispose();
        await Task.WhenAll(_connections.Keys.Select(connection => connection.EndAsync()));
        return true;
    }

    async Task AcceptAsync(Socket listening)
    {
        var listener = await _listener.Task;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listening.AcceptAsync(_stopping.Token), listener);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // One that was given up before it was taken; or there are no handles left, and at once there would be
                // none either.
                await Pause.ForAsync(AcceptAgainAfter, _stopping.Token);
            }
        }
    }

    async Task ServeAsync(Socket socket, IAssociationEventListener listener)
    {
        using var handshake = _handshakes.Add(socket);
        var peer = new IPEndPoint(IPAddress.None, 0);
        SslStream? stream = null;
        var isRefused = false;
        try
        {
            peer = socket.RemoteEndPoint as IPEndPoint ?? peer;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(HandshakeTimeout);
            Tune(socket);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = _tls.ServerOptions((_, shown, chain, _) => !(isRefused = !_tls.Takes(shown, chain, peer.ToString(), _log)));
            await stream.AuthenticateAsServerAsync(options, limit.Token);
            if (!handshake.End())
                throw new IOException(Handshake.GaveWay);
            listener.Notify(
                new InboundAssociation(
                    OpenConnection(socket, stream, new Address(Scheme, System.Name, HostOf(peer.Address.ToString()), peer.Port))));
        }
        catch (Exception e)
        {
            // Nobody waits for this task: whatever it is, it is said here, and no socket is left open. What the stop of
            // this node ended says nothing.
            if (!isRefused && !_stopping.IsCancellationRequested)
                HostLog.HandshakeFailed(
                    _log,
                    peer.ToString(),
                    handshake.HasGivenWay ? Handshake.GaveWay
                        : e is OperationCanceledException ? "it took too long" : e.GetBaseException().Message);
            await CloseAsync(socket, stream);
        }
    }

    NodeConnection OpenConnection(Socket socket, SslStream stream, Address remote)
    {
        var connection = new NodeConnection(_address!, remote, socket, stream, (int)MaximumPayloadBytes + OverheadBytes);
        _connections.TryAdd(connection, 0);
        _ = connection.RunAsync().ContinueWith(_ => _connections.TryRemove(connection, out var _), TaskScheduler.Default);
        return connection;
    }

    async Task<IPAddress> AddressOfAsync(string host, CancellationToken limit)
    {
        if (IPAddress.TryParse(host, out var address))
            return address;
        var family = _isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var found = await Dns.GetHostAddressesAsync(host, family, limit);
        return found.Length > 0 ? found[0] : throw new SocketException((int)SocketError.HostNotFound);
    }

    static string HostOf(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host;

    static void Tune(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    static async Task CloseAsync(Socket? socket, SslStream? stream)
    {
        if (stream is not null)
            await stream.DisposeAsync();
        socket?.Dispose();
    }
}
