using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaJoin.Host.Administration;

/// <summary>
/// The lines of the administration port, UTF-8, one JSON object each. Asked: <c>{"query": NAME, ...}</c>. Answered, in the order of the questions:
/// <c>{"version": 1, "query": NAME, "result": ...}</c> or <c>{"version": 1, "error": TEXT}</c>. What is added later is ignored by those that do not know it;
/// the version changes when something is taken away.
/// </summary>
static class AdminProtocol
{
    internal const int Version = 1;
    internal const string Query = "query";
    internal const string Result = "result";
    internal const string Error = "error";
    internal const string VersionName = "version";

    /// <summary>How reports are written; for terminals and files, never for a web page.</summary>
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>A good answer, with its end of line.</summary>
    internal static byte[] Answer(string query, object result) => Line(new Dictionary<string, object>
    {
        [VersionName] = Version,
        [Query] = query,
        [Result] = result,
    });

    /// <summary>What cannot be answered, with its end of line.</summary>
    internal static byte[] Refusal(string message) => Line(new Dictionary<string, object> { [VersionName] = Version, [Error] = message });

    /// <summary>A question or an answer, with its end of line.</summary>
    internal static byte[] Line(object message) => [.. JsonSerializer.SerializeToUtf8Bytes(message, Json), (byte)'\n'];
}
