using System.Net;
using System.Text.Json;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Client;

/// <summary>Reads what a node answers to the question how it is.</summary>
static class HealthAnswers
{
    const string Well = "Healthy", NotWell = "Unhealthy";

    /// <summary>The answer of a path that gives a word; null = it is another answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="check">What the word is about.</param>
    /// <param name="hint">What to do to learn more.</param>
    /// <param name="stopping">Gives up.</param>
    internal static async Task<NodeHealthReport?> WordAsync(
        HttpResponseMessage answer, string check, string hint, CancellationToken stopping)
    {
        var word = await answer.Content.ReadAsStringAsync(stopping);
        return (answer.StatusCode, word) switch
        {
            (HttpStatusCode.OK, Well) => new NodeHealthReport(true, [new HealthCheckReport(check, true, "it is well")]),
            (HttpStatusCode.ServiceUnavailable, NotWell) => new NodeHealthReport(false, [new HealthCheckReport(check, false, hint)]),
            _ => null,
        };
    }

    /// <summary>The checks; null = it is another answer.</summary>
    internal static async Task<NodeHealthReport?> ChecksAsync(HttpResponseMessage answer, CancellationToken stopping)
    {
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
            return null;
        try
        {
            var bytes = await answer.Content.ReadAsByteArrayAsync(stopping);
            return JsonSerializer.Deserialize<NodeHealthReport>(bytes, CockpitJson.Options) is { Checks: not null } report ? report : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the node shows its checks to others alone, or not at this port.</summary>
    internal static bool HidesChecks(HttpStatusCode status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound;
}
