using System.Globalization;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>Figures as they stand in tables.</summary>
static class Cell
{
    internal const string Unknown = "-";

    /// <summary>A whole number with thousands separators.</summary>
    internal static string Of(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>A rate per second.</summary>
    internal static string Rate(double rate) => rate.ToString(rate < 10 ? "N1" : "N0", CultureInfo.InvariantCulture) + "/s";

    /// <summary>A share of 1 in percent.</summary>
    internal static string Share(double? share) => share?.ToString("P1", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>Bytes in the unit that fits.</summary>
    internal static string Bytes(long bytes) => bytes switch
    {
        < 1_024 => Text($"{bytes} B"),
        < 1_024 * 1_024 => Text($"{bytes / 1_024.0:N1} KiB"),
        _ => Text($"{bytes / 1_048_576.0:N1} MiB"),
    };

    /// <summary>A length of time in the two units that fit.</summary>
    internal static string Duration(long? ms) => ms switch
    {
        null => Unknown,
        < 0 => "0 ms",
        < 1_000 => Text($"{ms} ms"),
        < 60_000 => Text($"{ms / 1000.0:0.0} s"),
        < 3_600_000 => Text($"{ms / 60_000} min {ms / 1000 % 60} s"),
        < 86_400_000 => Text($"{ms / 3_600_000} h {ms / 60_000 % 60} min"),
        _ => Text($"{ms / 86_400_000} d {ms / 3_600_000 % 24} h"),
    };

    /// <summary>A moment, UTC.</summary>
    internal static string Moment(long? ms) => ms is { } known ? TimeText.Iso(known) : Unknown;

    /// <summary>A node without the protocol and the system's name.</summary>
    internal static string Node(string? address) => address is null ? Unknown : address[(address.LastIndexOf('@') + 1)..];

    /// <summary>left or right.</summary>
    internal static string Of(Side side) => side == Side.Left ? "left" : "right";

    /// <summary>The words of an enum, with spaces.</summary>
    internal static string Words<T>(T value)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()).Replace('-', ' ');

    /// <summary>One line for each node whose part is missing.</summary>
    internal static void Missing(IReadOnlyList<MissingNode> missing, TextWriter output)
    {
        foreach (var node in missing)
            output.WriteLine($"missing: {Node(node.Node)}: {node.Reason}");
    }

    /// <summary>
    /// A text of a record on one line: what it holds must not move the cursor of a terminal, nor turn the line around.
    /// </summary>
    internal static string? Line(string? text) => text is null ? null : string.Concat(text.Select(c =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator ? ' ' : c));

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
