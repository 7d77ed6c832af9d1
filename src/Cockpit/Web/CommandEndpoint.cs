using System.Text.Json;
using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Pipeline;
using Microsoft.AspNetCore.Http;

namespace AkkaJoin.Cockpit.Web;

/// <summary>
/// Carries out a command that comes by HTTP. A command that only tells is a GET with its arguments in the query, or a
/// POST with them in a JSON object; an act is a POST alone.
/// </summary>
/// <param name="served">The node, and who may ask it; null = it has not started.</param>
sealed class CommandEndpoint(Func<ServedNode?> served)
{
    const int ArgumentsMax = 32, ArgumentCharactersMax = 8_192;

    /// <summary>Carries it out and answers.</summary>
    internal async Task RunAsync(HttpContext context, NodeCommand command)
    {
        if (await IdentifyAsync(context, command.Right) is not var (node, caller))
            return;
        if (command.Right == Right.Act && !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            var message = $"'{command.Palette} {command.Name}' is an act: POST it";
            await Answers.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, message);
            return;
        }

        try
        {
            var arguments = await ArgumentsAsync(context);
            Check(command, arguments);
            if (command.Right == Right.Act)
                LogAct(context, node, caller, command, arguments);
            var call = new CommandCall(arguments, caller.Name, context.RequestAborted) { MaySeeData = caller.Has(Right.Data) };
            await Answers.ResultAsync(context, await command.RunAsync(node, call));
        }
        catch (CommandException e)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (UserException e)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status409Conflict, e.Message);
        }
    }

    /// <summary>Says who sends a request, and refuses whoever may not.</summary>
    /// <returns>The node and the caller; null = the request has been answered.</returns>
    internal async Task<(CockpitNode Node, Caller Caller)?> IdentifyAsync(HttpContext context, Right needed)
    {
        if (await FindAsync(context) is not var (node, access))
            return null;
        if (!access.TryIdentify(context, out var caller, out var refusal))
        {
            await Answers.RefuseAsync(context, refusal.Status, refusal.Message);
            return null;
        }

        if (caller.Has(needed))
            return (node, caller);
        var (status, has) = caller.Right == Right.None || caller == Caller.Loopback
            ? (StatusCodes.Status401Unauthorized, "a token is needed")
            : (StatusCodes.Status403Forbidden, $"'{caller.Name}' has the right {Word(caller.Right)}");
        await Answers.RefuseAsync(context, status, $"{has}; this needs the right {Word(needed)}");
        return null;
    }

    /// <summary>The node and who may ask it.</summary>
    /// <returns>Null = the request has been answered.</returns>
    internal async Task<ServedNode?> FindAsync(HttpContext context)
    {
        var found = served();
        if (found is null)
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the joins have not started: ask again");
        return found;
    }

    static string Word(Right right) => right.ToString().ToLowerInvariant();

    static void LogAct(
        HttpContext context, CockpitNode node, Caller caller, NodeCommand command, Dictionary<string, string> arguments) => CockpitLog.Act(
        node.System.Log,
        caller.Name,
        AccessControl.SenderOf(context),
        $"{command.Palette} {command.Name}",
        string.Join(' ', arguments.Select(argument => $"{argument.Key}={JsonSerializer.Serialize(argument.Value)}")));

    static async Task<Dictionary<string, string>> ArgumentsAsync(HttpContext context)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in context.Request.Query)
            arguments[name] = values.Count == 1 ? values.ToString() : throw new CommandException($"'{name}' is given {values.Count} times");
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.ContentLength != 0)
            await AddBodyAsync(context, arguments);
        if (arguments.Count > ArgumentsMax || arguments.Values.Any(value => value.Length > ArgumentCharactersMax))
            throw new CommandException($"{ArgumentsMax} arguments of {ArgumentCharactersMax} characters at most");
        return arguments;
    }

    static async Task AddBodyAsync(HttpContext context, Dictionary<string, string> arguments)
    {
        const string form = "the body is a JSON object with the arguments, such as {\"join\": \"orders\"}";
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            if (body.RootElement.ValueKind != JsonValueKind.Object)
                throw new CommandException(form);
            foreach (var argument in body.RootElement.EnumerateObject())
            {
                arguments[argument.Name] = argument.Value.ValueKind switch
                {
                    JsonValueKind.String => argument.Value.GetString()!,
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => argument.Value.GetRawText(),
                    _ => throw new CommandException($"'{argument.Name}' is a text, a number or true; it is {argument.Value.ValueKind}"),
                };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is found only when the text is read.
            throw new CommandException(form);
        }
    }

    static void Check(NodeCommand command, Dictionary<string, string> arguments)
    {
        var name = $"'{command.Palette} {command.Name}'";
        foreach (var given in arguments.Keys)
        {
            if (command.Parameters.All(parameter => parameter.Name != given))
            {
                var known = command.Parameters.Count == 0 ? "it has none" : string.Join(", ", command.Parameters.Select(p => p.Name));
                throw new CommandException($"{name} has no argument '{given}': {known}");
            }
        }

        foreach (var parameter in command.Parameters)
        {
            var value = arguments.GetValueOrDefault(parameter.Name);
            if (value is null && parameter.IsRequired)
                throw new CommandException($"{name} needs the argument '{parameter.Name}': {parameter.Help}");
            if (value is not null && parameter.Words.Count > 0 && !parameter.Words.Contains(value))
                throw new CommandException($"'{parameter.Name}' is one of {string.Join(", ", parameter.Words)}; it is '{value}'");
        }
    }
}
