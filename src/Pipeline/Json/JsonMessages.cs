using System.Text.Json;

namespace AkkaJoin.Pipeline.Json;

/// <summary>Says what is wrong with a JSON text to somebody who does not know the reader's types.</summary>
static class JsonMessages
{
    /// <summary>What is expected and found, without the place in the words of System.Text.Json.</summary>
    internal static string Describe(JsonException problem)
    {
        var place = problem.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        var message = place < 0 ? problem.Message : problem.Message[..place];
        return message.Replace(", when isFinalBlock is true", "", StringComparison.Ordinal).TrimEnd('.')
            + $" (line {problem.LineNumber + 1 ?? 1}, byte {problem.BytePositionInLine + 1 ?? 1})";
    }
}
