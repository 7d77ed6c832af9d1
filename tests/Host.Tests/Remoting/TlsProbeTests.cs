using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Event;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Host.Tests.Clustering;
using AkkaJoin.Pipeline.Settings;
using Xunit;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>What a node that gets no answer finds out about the other's TLS.</summary>
public sealed class TlsProbeTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("akkajoin-tls-").FullName;
    readonly TestAuthority _ours;
    readonly TestAuthority _theirs;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TlsProbeTests()
    {
        _ours = new TestAuthority(_directory, "ours");
        _theirs = new TestAuthority(_directory, "theirs");
        _listener.Start();
    }

    Address Node => new("akka.ssl.tcp", "akkajoin", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    [Fact]
    public async Task A_node_whose_certificate_the_other_refuses_after_the_handshake_is_told_so()
    {
        var serving = ServeAsync(trusted: _ours);
        Assert.True(await Probe(issuedBy: _theirs, trusted: _ours).IsRefusedAsync(Node, CancellationToken.None));
        _listener.Stop();
        await serving;
    }

    [Fact]
    public async Task A_node_that_finds_the_others_certificate_foreign_is_told_so()
    {
        var serving = ServeAsync(trusted: _ours);
        Assert.True(await Probe(issuedBy: _ours, trusted: _theirs).IsRefusedAsync(Node, CancellationToken.None));
        _listener.Stop();
        await serving;
    }

    [Fact]
    public async Task A_node_that_takes_the_certificate_and_is_silent_has_not_refused_it()
    {
        var serving = ServeAsync(trusted: _ours);
        Assert.False(await Probe(issuedBy: _ours, trusted: _ours).IsRefusedAsync(Node, CancellationToken.None));
        _listener.Stop();
        await serving;
    }

    [Fact]
    public async Task A_node_that_dies_has_not_refused_anything()
    {
        var node = Node;
        var dying = CloseFirstAndStopAsync();
        Assert.False(await Probe(issuedBy: _ours, trusted: _ours).IsRefusedAsync(node, CancellationToken.None));
        await dying;
    }

    [Fact]
    public async Task A_connection_that_closes_before_the_handshake_is_no_refusal()
    {
        var closing = CloseAllAsync();
        Assert.False(await Probe(issuedBy: _ours, trusted: _ours).IsRefusedAsync(Node, CancellationToken.None));
        _listener.Stop();
        await closing;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    TlsProbe Probe(TestAuthority issuedBy, TestAuthority trusted) => new(NodeTls.OfFiles(Settings("caller", issuedBy, trusted)), NoLogger.Instance);

    TlsSettings Settings(string name, TestAuthority issuedBy, TestAuthority trusted)
    {
        issuedBy.Issue(name);
        return new TlsSettings(Path.Combine(_directory, name + ".pem"), Path.Combine(_directory, name + "-key.pem"), trusted.File);
    }

    // A node as the remoting makes one: it looks at the caller's certificate, and waits for what the caller says.
    async Task ServeAsync(TestAuthority trusted)
    {
        var own = NodeTls.OfFiles(Settings("server", _ours, trusted));
        while (await AcceptAsync() is { } client)
        {
            using (client)
            {
                await using var tls = new SslStream(client.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = own.Certificate,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, shown, chain, _) => own.Takes(shown, chain, "caller", NoLogger.Instance),
                    });
                    Assert.Equal(0, await tls.ReadAsync(new byte[1])); // until the caller hangs up
                }
                catch (Exception e) when (e is AuthenticationException or IOException)
                {
                    // A refusal; the connection closes.
                }
            }
        }
    }

    async Task CloseAllAsync()
    {
        while (await AcceptAsync() is { } client)
            client.Dispose();
    }

    async Task CloseFirstAndStopAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        _listener.Stop();
    }

    async Task<TcpClient?> AcceptAsync()
    {
        try
        {
            return await _listener.AcceptTcpClientAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return null; // stopped
        }
    }
}
