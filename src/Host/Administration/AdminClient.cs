using System.Net.Sockets;
using System.Text.Json;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Administration;

/// <summary>Asks the administration port of a node.</summary>
static class AdminClient
{
    /// <summary>Asks one question and gives the result.</summary>
    /// <param name="place">The port of the node.</param>
    /// <param name="question">An object that becomes the question's line.</param>
    /// <param name="timeout">For all of it.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="UserException">Nobody answers there, or not what was asked.</exception>
    internal static async Task<JsonElement> AskAsync(AdminPlace place, object question, TimeSpan timeout, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(timeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(place.Host, place.Port, limit.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync(AdminProtocol.Line(question), limit.Token);
            using var reader = new StreamReader(stream);
            return Result(place, await reader.ReadLineAsync(limit.Token));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new UserException($"no node answers at {place}: {e.Message}. {HowToFind}", ExitCodes.Failed, e);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new UserException($"no node answered at {place} within {timeout.TotalSeconds:0.###} s. {HowToFind}", ExitCodes.Failed);
        }
    }

    const string HowToFind = "A node listens on its own machine alone, and says where when it starts; "
        + "akkajoin.cluster.admin-port or AKKAJOIN_ADMIN_PORT sets the port";

    static JsonElement Result(AdminPlace place, string? line)
    {
        try
        {
            using var answer = JsonDocument.Parse(line ?? "");
            var root = answer.RootElement;
            if (root.TryGetProperty(AdminProtocol.Error, out var error))
                throw new UserException($"{place} answers: {error}", ExitCodes.Failed);
            if (root.GetProperty(AdminProtocol.VersionName).GetInt32() is var version && version != AdminProtocol.Version)
                throw new UserException($"the node at {place} speaks version {version} of the protocol, and this program {AdminProtocol.Version}: use its akkajoin", ExitCodes.Failed);
            return root.GetProperty(AdminProtocol.Result).Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UserException($"what listens at {place} is no akkajoin node. {HowToFind}", ExitCodes.Failed, e);
        }
    }
}
