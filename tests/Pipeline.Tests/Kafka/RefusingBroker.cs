using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>
/// A listener that speaks as much of Kafka's protocol as it takes to refuse a client: it knows the SASL mechanism PLAIN and no password.
/// </summary>
sealed class RefusingBroker : IDisposable
{
    const short ApiVersions = 18;
    const short SaslHandshake = 17;
    const short SaslAuthenticate = 36;
    const short UnsupportedVersion = 35;
    const short UnsupportedMechanism = 33;
    const short AuthenticationFailed = 58;
    const int RequestMax = 1 << 20;
    const string Mechanism = "PLAIN";
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    internal RefusingBroker()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    internal string BootstrapServers => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    static async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var length = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(length);
                if (BinaryPrimitives.ReadInt32BigEndian(length) is var bytes && bytes > RequestMax)
                    return; // the beginning of a TLS handshake, as a broker sees it
                var request = new byte[bytes];
                await stream.ReadExactlyAsync(request);
                await stream.WriteAsync(Answer(request));
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    // Request: api key, its version, correlation id, client id, body.
    static byte[] Answer(byte[] request)
    {
        var key = BinaryPrimitives.ReadInt16BigEndian(request);
        var version = BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(2));
        var body = key switch
        {
            ApiVersions => [.. Short(version > 0 ? UnsupportedVersion : (short)0), .. Int(4), .. Api(ApiVersions, 0), .. Api(SaslHandshake, 1), .. Api(SaslAuthenticate, 0), .. Api(3, 1)],
            SaslHandshake => [.. Short(Encoding.UTF8.GetString(request).EndsWith(Mechanism, StringComparison.Ordinal) ? (short)0 : UnsupportedMechanism), .. Int(1), .. Text(Mechanism)],
            _ => (byte[])[.. Short(AuthenticationFailed), .. Text("Invalid username or password"), .. Int(0)],
        };
        return [.. Int(4 + body.Length), .. request.AsSpan(4, 4), .. body];
    }

    static byte[] Api(short key, short newest) => [.. Short(key), .. Short(0), .. Short(newest)];

    static byte[] Text(string text) => [.. Short((short)text.Length), .. Encoding.UTF8.GetBytes(text)];

    static byte[] Short(short value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        return bytes;
    }

    static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
