using System.Globalization;
using System.Text;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>How answers name records, keys and spans of time.</summary>
static class Names
{
    const int KeyBytesMax = 64, HexBytesMax = 24;

    /// <summary>left or right.</summary>
    internal static string Of(Side side) => side == Side.Left ? "left" : "right";

    /// <summary>The other side.</summary>
    internal static Side Other(Side side) => side == Side.Left ? Side.Right : Side.Left;

    /// <summary>Such as "left 0:17".</summary>
    internal static string Of(InputRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{Of(record.Side)} {record.Partition}:{record.Offset}");

    /// <summary>Such as "left 0:17 (key 42, 10:00:05)".</summary>
    internal static string WithKey(InputRecord record) => record.Key is null
        ? Of(record)
        : $"{Of(record)} (key {Key(record.Key)}, {TimeText.Clock(record.Time)})";

    /// <summary>Such as "right 1:9 (11:00:10)".</summary>
    internal static string WithTime(InputRecord record) => $"{Of(record)} ({TimeText.Clock(record.Time)})";

    /// <summary>Such as "impressions/0@17".</summary>
    internal static string Position(InputRecord record) => Position(record.Topic, record.Partition, record.Offset);

    /// <summary>Such as "rows/2@55".</summary>
    internal static string Position(FoundRow row) => Position(row.Topic, row.Partition, row.Offset);

    /// <summary>A key, as text where it is text.</summary>
    internal static string Key(byte[] key)
    {
        var shown = key.Length > KeyBytesMax ? key[..KeyBytesMax] : key;
        var more = key.Length > KeyBytesMax ? "..." : "";
        if (key.Length == 0)
            return "of no bytes";
        return IsText(shown, isCut: more.Length > 0, out var text) ? text + more : "0x" + Convert.ToHexStringLower(shown) + more;
    }

    /// <summary>The bytes of a key.</summary>
    internal static string Hex(byte[] key)
    {
        var shown = Convert.ToHexStringLower(key.AsSpan(0, Math.Min(key.Length, HexBytesMax)));
        var bytes = CountText.Of(key.Length, "byte");
        return key.Length > HexBytesMax ? $"{bytes} that begin with {shown}" : $"{bytes} {shown}".TrimEnd();
    }

    /// <summary>A span of time, without its sign: "3,605 s", "1,250 ms".</summary>
    internal static string Span(long ms)
    {
        var span = Math.Abs(ms);
        return span % 1_000 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{span / 1_000:N0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{span:N0} ms");
    }

    /// <summary>The first letter in upper case.</summary>
    internal static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    static string Position(string topic, int partition, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}@{offset}");

    static bool IsText(byte[] key, bool isCut, out string text)
    {
        text = Encoding.UTF8.GetString(key);
        var body = isCut ? text.TrimEnd('\uFFFD') : text;
        var isText = !body.Contains('\uFFFD', StringComparison.Ordinal) && !body.Any(char.IsControl);
        text = body;
        return isText;
    }
}
