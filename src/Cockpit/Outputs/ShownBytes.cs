using AkkaJoin.Cockpit.Live;

namespace AkkaJoin.Cockpit.Outputs;

/// <summary>Keys, ids and values as answers show them.</summary>
static class ShownBytes
{
    /// <summary>The most bytes that are shown.</summary>
    internal const int Max = 1_024;

    /// <summary>
    /// The beginning as text; as 0x and hexadecimal digits where it is no UTF-8; null = null.
    /// </summary>
    internal static string? Of(byte[]? bytes)
    {
        if (bytes is null)
            return null;
        var shown = Beginning(bytes);
        return KeyText.Of(shown) ?? "0x" + Convert.ToHexStringLower(shown);
    }

    // Whole characters: bytes that continue one do not begin the rest.
    static byte[] Beginning(byte[] bytes)
    {
        if (bytes.Length <= Max)
            return bytes;
        var length = Max;
        while (length > Max - 4 && (bytes[length] & 0xC0) == 0x80)
            length--;
        return bytes[..length];
    }
}
