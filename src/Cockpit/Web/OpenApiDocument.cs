using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using AkkaJoin.Cockpit.Commands;

namespace AkkaJoin.Cockpit.Web;

/// <summary>The description of the API, OpenAPI 3.1, made from the declarations of the commands.</summary>
static class OpenApiDocument
{
    /// <summary>Makes it.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="prefix">Below which path of the server they are; "" = the root.</param>
    internal static JsonObject Of(IEnumerable<NodeCommand> commands, string prefix)
    {
        var paths = new JsonObject();
        foreach (var command in commands)
            paths[$"{CockpitEndpoints.Root}/{command.Palette}/{command.Name}"] = PathOf(command);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "AkkaJoin", ["version"] = "1" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = prefix.Length == 0 ? "/" : prefix }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
        };
    }

    static JsonObject PathOf(NodeCommand command)
    {
        var isAct = command.Right == Right.Act;
        var operation = new JsonObject
        {
            ["operationId"] = $"{command.Palette}-{command.Name}",
            ["summary"] = command.Help,
            ["description"] = $"Needs the right {command.Right.ToString().ToLowerInvariant()}.",
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["responses"] = new JsonObject
            {
                ["200"] = Json("The result", CockpitJson.Options.GetJsonSchemaAsNode(command.ResultType)),
                ["default"] = Json("Why not", new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject { [Answers.Error] = new JsonObject { ["type"] = "string" } },
                }),
            },
        };
        if (isAct)
            operation["requestBody"] = BodyOf(command);
        else
            operation["parameters"] = new JsonArray([.. command.Parameters.Select(ParameterOf)]);
        return new JsonObject { [isAct ? "post" : "get"] = operation };
    }

    static JsonObject BodyOf(NodeCommand command) => new()
    {
        ["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject
            {
                ["schema"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject(command.Parameters.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)SchemaOf(p)))),
                    ["required"] = new JsonArray([.. command.Parameters.Where(p => p.IsRequired).Select(p => JsonValue.Create(p.Name))]),
                },
            },
        },
    };

    static JsonNode ParameterOf(CommandParameter parameter) => new JsonObject
    {
        ["name"] = parameter.Name,
        ["in"] = "query",
        ["required"] = parameter.IsRequired,
        ["description"] = parameter.Help,
        ["schema"] = SchemaOf(parameter),
    };

    static JsonObject SchemaOf(CommandParameter parameter)
    {
        var schema = new JsonObject { ["type"] = "string", ["description"] = parameter.Help };

        // For the page, which shows the command line that does the same.
        if (parameter.IsPositional)
            schema["x-positional"] = true;
        if (parameter.IsFlag)
            schema["x-flag"] = true;
        if (parameter.Words.Count > 0)
            schema["enum"] = new JsonArray([.. parameter.Words.Select(word => JsonValue.Create(word))]);
        return schema;
    }

    static JsonObject Json(string description, JsonNode schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
    };
}
