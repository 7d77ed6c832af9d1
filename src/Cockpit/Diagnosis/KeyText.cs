using System.Globalization;
using System.Text;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>Keys and ids for people: as text where nothing in it is hidden, else with their bytes.</summary>
static class KeyText
{
    const int BytesMax = 48;

    /// <summary>Such as <c>'abc'</c>, or <c>'abc ' (61 62 63 20)</c>, or <c>bytes 00 00 00 07</c>.</summary>
    internal static string Show(ReadOnlySpan<byte> key, bool withBytes = false)
    {
        if (!KeyForms.IsText(key))
            return "bytes " + Bytes(key);
        var text = Encoding.UTF8.GetString(key);
        var shown = "'" + Cut(Visible(text)) + "'";
        return withBytes || HidesSomething(text) ? $"{shown} ({Bytes(key)})" : shown;
    }

    static bool HidesSomething(string text) =>
        text.Length == 0 || text.Any(c => c > '~' || c < ' ') || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]);

    // Nothing that moves the cursor or turns the text around reaches a terminal.
    static string Visible(string text) => string.Concat(text.Select(c =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format ? '\u00B7' : c));

    static string Cut(string text) => text.Length <= BytesMax ? text : text[..BytesMax] + "...";

    static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, BytesMax)])
            text.Append(text.Length == 0 ? "" : " ").Append(b.ToString("x2", CultureInfo.InvariantCulture));
        return text + (bytes.Length > BytesMax ? " ..." : "");
    }
}
