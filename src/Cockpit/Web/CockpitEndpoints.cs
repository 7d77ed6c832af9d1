using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Page;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// The paths of the cockpit. The commands have one each, <c>/api/v1/PALETTE/NAME</c>; what they are stands in
/// <c>/api/v1/openapi.json</c>.
/// </summary>
static class CockpitEndpoints
{
    internal const string Root = "/api/v1";

    /// <summary>How long a request may take that says nothing else.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Gives the declarations of the commands.</summary>
    internal const string Listing = Root + "/commands";

    /// <summary>Adds the paths to a server.</summary>
    /// <param name="endpoints">Takes them.</param>
    /// <param name="served">The node, and who may ask it; null = it has not started.</param>
    /// <param name="telemetry">Gives the metrics; null = there are none.</param>
    internal static void Map(IEndpointRouteBuilder endpoints, Func<ServedNode?> served, CockpitTelemetry? telemetry)
    {
        var commands = new CommandEndpoint(served);
        HealthEndpoints.Map(endpoints, commands);
        foreach (var command in CommandTable.All)
        {
            endpoints.MapMethods(
                $"{Root}/{command.Palette}/{command.Name}",
                [HttpMethods.Get, HttpMethods.Post],
                context => commands.RunAsync(context, command)).WithRequestTimeout(TimeoutOf(command));
        }

        endpoints.MapGet(Root + "/openapi.json", Behind(commands, Right.State, (context, _, _) =>
            Answers.ResultAsync(context, OpenApiDocument.Of(CommandTable.All, PathPrefix.Of(context, Root + "/openapi.json")))));
        endpoints.MapGet(Listing, Behind(commands, Right.State, (context, node, _) =>
            Answers.ResultAsync(context, new CommandListing(
                [.. node.Joins.Select(join => join.Name)], [.. CommandTable.All.Select(CommandReport.Of)]))));
        endpoints.MapGet(Root + "/session", Behind(commands, Right.None, (context, _, caller) =>
            Answers.ResultAsync(context, new SessionReport(caller.Name, caller.Right))));
        Login.Map(endpoints, commands);
        PageEndpoints.Map(endpoints);
        telemetry?.MapMetrics(endpoints).Add(metrics => Guard(metrics, commands));
    }

    // The endpoint is a library's; who may ask is checked around it.
    static void Guard(EndpointBuilder endpoint, CommandEndpoint commands)
    {
        var serve = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = Behind(commands, Right.State, (context, _, _) => serve(context));
    }

    /// <summary>A handler that runs for those who have a right.</summary>
    internal static RequestDelegate Behind(
        CommandEndpoint commands, Right right, Func<HttpContext, CockpitNode, Caller, Task> handler) => async context =>
    {
        if (await commands.IdentifyAsync(context, right) is var (node, caller))
            await handler(context, node, caller);
    };

    // Reading records of Kafka takes as long as its own limits say.
    static TimeSpan TimeoutOf(NodeCommand command) => command.Right == Right.State ? Timeout : TimeSpan.FromSeconds(120);
}

/// <summary>Who somebody is for this node.</summary>
/// <param name="Name">The name of the token.</param>
/// <param name="Right">What they may ask for.</param>
sealed record SessionReport(string Name, Right Right);
