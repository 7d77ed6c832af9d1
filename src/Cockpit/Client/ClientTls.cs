using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Client;

/// <summary>
/// The connections of a client: never by a proxy, never redirected, TLS with the authorities that are named.
/// </summary>
static class ClientTls
{
    internal static SocketsHttpHandler Handler(ClientOptions options)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        try
        {
            if (options.CertificateFile is { } file)
                handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(file, options.KeyFile)];
            if (options.AuthorityFile is { } authority)
                handler.SslOptions.CertificateChainPolicy = PolicyOf(authority);
            return handler;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            handler.Dispose();
            throw new UserException($"a certificate cannot be read: {e.Message}", ConfigException.Code);
        }
    }

    static X509ChainPolicy PolicyOf(string authorityFile)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        return policy;
    }
}
