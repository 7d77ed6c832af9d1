using System.Text.Json;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Administration;

/// <summary>The questions that a node answers, by name.</summary>
sealed class AdminQueries(IReadOnlyDictionary<string, AdminQuery> queries)
{
    /// <summary>Answers one line. Never throws but for the end of <paramref name="stopping"/>.</summary>
    internal async Task<AdminAnswer> AnswerAsync(ReadOnlyMemory<byte> line, CancellationToken stopping)
    {
        JsonDocument question;
        try
        {
            question = JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            // Whoever speaks another protocol says more lines: a web page can make a browser send a question below a header of HTTP.
            return new AdminAnswer(AdminProtocol.Refusal("a question is one line of JSON, such as {\"query\": \"cluster\"}"), IsLast: true);
        }

        using (question)
            return new AdminAnswer(await AnswerAsync(question.RootElement, stopping), IsLast: false);
    }

    async Task<byte[]> AnswerAsync(JsonElement question, CancellationToken stopping)
    {
        if (Name(question) is not { } name)
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
