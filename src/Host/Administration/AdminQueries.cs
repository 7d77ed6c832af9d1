using System.Text.Json;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Administration;

/// <summary>The questions that a node answers, by name.</summary>
sealed class AdminQueries(IReadOnlyDictionary<string, AdminQuery> queries)
{
    /// <summary>Answers one line, whatever its bytes are. Never throws but for the end of <paramref name="stopping"/>.</summary>
    internal async Task<AdminAnswer> AnswerAsync(ReadOnlyMemory<byte> line, CancellationToken stopping)
    {
        try
        {
            using var question = JsonDocument.Parse(line);
            return new AdminAnswer(await AnswerAsync(Name(question.RootElement), question.RootElement, stopping), IsLast: false);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Texts are decoded when they are read, not when the line is parsed: half a surrogate pair and bytes that are no UTF-8 are found
            // by Name alone. Whoever speaks another protocol says more lines: a web page can make a browser send a question below a header
            // of HTTP.
            return new AdminAnswer(AdminProtocol.Refusal("a question is one line of JSON, such as {\"query\": \"cluster\"}"), IsLast: true);
        }
    }

    async Task<byte[]> AnswerAsync(string? name, JsonElement question, CancellationToken stopping)
    {
        if (name is null)
            return AdminProtocol.Refusal($"the text \"{AdminProtocol.Query}\" is missing; {Known()}");
        if (!queries.TryGetValue(name, out var query))
            return AdminProtocol.Refusal($"there is no query '{name}'; {Known()}");
        try
        {
            return AdminProtocol.Answer(name, await query(question, stopping));
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            return AdminProtocol.Refusal(e is UserException ? e.Message : $"the query '{name}' failed: {e.Message}");
        }
    }

    static string? Name(JsonElement question) =>
        question.ValueKind == JsonValueKind.Object && question.TryGetProperty(AdminProtocol.Query, out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    string Known() => "queries are " + string.Join(", ", queries.Keys.Order(StringComparer.Ordinal));
}
