using System.Text;
using System.Text.Json;
using AkkaJoin.Host.Administration;
using AkkaJoin.Shards.Tests.Encodings;
using Xunit;

namespace AkkaJoin.Host.Tests.Administration;

/// <summary>Whatever comes in over the administration port, each line has an answer of one line.</summary>
public sealed class AdminFuzzTests
{
    static readonly byte[][] Samples =
    [
        .. ((string[])["""{"query":"cluster"}""", """{"query":"join","name":"take-rate","wait":7}""", """{ "query" : "é\u0041", "a":[1,{"b":null}] }"""])
            .Select(Encoding.UTF8.GetBytes),
    ];

    static readonly string[] Words =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\"query\":", "\"name\":", "\"join\"", "null", "\\u", "\\ud800", "\\uDC00", "1e999", "\uFEFF", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    [Fact]
    public void Lines()
    {
        var queries = new AdminQueries(new Dictionary<string, AdminQuery>
        {
            ["cluster"] = (_, _) => Task.FromResult<object>("all is well"),
            ["join"] = (question, _) => Task.FromResult<object>(question.GetProperty("name").GetString()!),
        });
        Fuzzer.Run(
            Samples,
            bytes =>
            {
                var answer = queries.AnswerAsync(bytes, CancellationToken.None).GetAwaiter().GetResult();
                Assert.Equal(answer.Line.Length - 1, Array.IndexOf(answer.Line, (byte)'\n'));
                using var _ = JsonDocument.Parse(answer.Line);
            },
            Words);
    }
}
