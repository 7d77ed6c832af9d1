using System.Text.Json;

namespace AkkaJoin.Pipeline.Json;

/// <summary>Describes the problem of a JSON text to a user who does not know the reader's types.</summary>
static class JsonMessages
{
    /// <summary>The reader's message, with the position in a user's words instead of System.Text.Json's.</summary>
    internal static string Describe(JsonException problem)
    {
        var end = problem.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        var message = end < 0 ? problem.Message : problem.Message[..end];
        return message.Replace(", when isFinalBlock is true", "", StringComparison.Ordinal).TrimEnd('.')
            + $" (line {problem.LineNumber + 1 ?? 1}, byte {problem.BytePositionInLine + 1 ?? 1})";
    }
}
