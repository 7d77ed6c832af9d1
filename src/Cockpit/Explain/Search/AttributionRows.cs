using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Json;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>Reads the rows of attributions in the form json.</summary>
static class AttributionRows
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>The row; null where it has another form.</summary>
    internal static AttributionRow? Read(FoundRow row, byte[]? value)
    {
        try
        {
            using var document = JsonDocument.Parse(value ?? [], Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("lefts", out var lefts) || lefts.ValueKind != JsonValueKind.Array
                || !root.TryGetProperty("right", out var right)
                || !root.TryGetProperty("rightTime", out var time)
                || !root.TryGetProperty("leftCount", out var count) || !count.TryGetInt64(out var leftCount))
                return null;
            return new AttributionRow(
                row,
                time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out var ms) ? ms : null,
                right.GetRawText(),
                [.. lefts.EnumerateArray().Select(left => left.GetRawText())],
                leftCount);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A record's value as rows embed it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isRaw">Whether its values are no JSON, so that they are embedded as base64.</param>
    internal static string Embedded(InputRecord record, bool isRaw)
    {
        if (record.Value is null)
            return "null";
        return isRaw ? $"\"{Convert.ToBase64String(record.Value)}\"" : Encoding.UTF8.GetString(JsonPrefix.Skip(record.Value));
    }
}
