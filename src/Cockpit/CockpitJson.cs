using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaJoin.Cockpit;

/// <summary>How results are written as JSON, in the API and between nodes.</summary>
static class CockpitJson
{
    /// <summary>Names in camel case, enums as words with hyphens. HTML in texts is escaped.</summary>
    internal static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
