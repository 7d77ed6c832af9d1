using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>The headers that a join wrote, of records as a consumer gives them.</summary>
static class RecordHeaders
{
    /// <summary>
    /// A header as text; null where there is none. (The last one: the join's stand behind the record's.)
    /// </summary>
    internal static string? Text(ConsumeResult<byte[]?, byte[]?> result, string name) =>
        result.Message.Headers is { } headers && headers.TryGetLastBytes(name, out var bytes) && bytes is not null
            ? Encoding.UTF8.GetString(bytes)
            : null;

    /// <summary>A header as a whole number; null where there is none, or it is no number.</summary>
    internal static long? Number(ConsumeResult<byte[]?, byte[]?> result, string name) =>
        long.TryParse(Text(result, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// Whether a join wrote the record. Joins may share a topic; <c>output.headers</c> may leave the name out.
    /// </summary>
    internal static bool IsOf(ConsumeResult<byte[]?, byte[]?> result, JoinSettings join) =>
        Text(result, OutputHeaders.Join) is not { } name || name == join.Name;
}
