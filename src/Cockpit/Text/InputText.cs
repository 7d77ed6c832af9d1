using System.Globalization;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;

namespace AkkaJoin.Cockpit.Text;

/// <summary>What was missing in the records of a side, in a few words; nothing where nothing was.</summary>
static class InputText
{
    /// <summary>
    /// Such as "left without key 3, dead letters 57 (missing-time 57)"; null where nothing is missing.
    /// </summary>
    internal static string? Line(InputCounts input)
    {
        var parts = new[] { Side("left", input.Left), Side("right", input.Right), Select(input.Select) }.OfType<string>().ToList();
        return parts.Count == 0 ? null : string.Join("; ", parts);
    }

    static string? Side(string name, SideCounts counts) => Of(counts) is { } text ? $"{name} {text}" : null;

    /// <summary>One side's; null where nothing is missing.</summary>
    internal static string? Of(SideCounts counts)
    {
        var parts = new List<string>();
        if (counts.NullKeys > 0)
            parts.Add("without key " + N(counts.NullKeys));
        if (counts.WithoutId > 0)
            parts.Add("without id " + N(counts.WithoutId.Value));
        if (counts.DeadLetters.Count > 0)
            parts.Add(
                $"dead letters {N(counts.DeadLetters.Values.Sum())} "
                + $"({string.Join(", ", counts.DeadLetters.OrderByDescending(r => r.Value).Select(r => $"{r.Key} {N(r.Value)}"))})");
        parts.AddRange(counts.Where.Where(f => f.Missing > 0).Select(f => $"where lacks {f.Field} in {N(f.Missing)}"));
        parts.AddRange(counts.Filter.Where(f => f.Missing > 0).Select(f => $"filter lacks {f.Field} in {N(f.Missing)}"));
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    /// <summary>The fields of rows that no record has; null where each has been in one.</summary>
    internal static string? Select(IReadOnlyList<FieldCount> select)
    {
        var never = select.Where(f => f.Records > 0 && f.Missing == f.Records).Select(f => f.Field).ToList();
        return never.Count == 0 ? null : $"select never found {string.Join(", ", never)}";
    }

    static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
