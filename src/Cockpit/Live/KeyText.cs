using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// A key as a person writes it, and as the decoder makes it: the text of a single key, <c>0x</c> and hexadecimal digits
/// for any bytes, and a JSON array for a key of several parts.
/// </summary>
static class KeyText
{
    /// <summary>The canonical bytes.</summary>
    /// <exception cref="CommandException">They cannot be read.</exception>
    internal static byte[] Parse(JoinSettings join, string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return Hex(text[2..]);
        var parts = Math.Max(join.Left.KeyPaths.Count, join.Right.KeyPaths.Count);
        return parts > 1 ? Array(text, parts) : Encoding.UTF8.GetBytes(text);
    }

    /// <summary>As text; null where the bytes are no UTF-8.</summary>
    internal static string? Of(byte[]? bytes)
    {
        if (bytes is null)
            return null;
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static byte[] Hex(string digits)
    {
        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            throw new CommandException(
                $"0x{digits} is no key: after 0x come pairs of hexadecimal digits; write another text as hexadecimal");
        }
    }

    // As JsonDecoder writes it: no white space, texts in their shortest form, all else as it stands.
    static byte[] Array(string text, int parts)
    {
        var target = new ArrayBufferWriter<byte>();
        try
        {
            using var document = JsonDocument.Parse(text);
            List<JsonElement> elements = document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray()]
                : [];
            if (elements.Count != parts)
                throw new CommandException($"the key of this join has {parts} parts: write a JSON array of {parts}, such as [\"a\",1]");
            foreach (var (index, element) in elements.Index())
            {
                JsonText.WriteByte(target, index == 0 ? (byte)'[' : (byte)',');
                if (element.ValueKind == JsonValueKind.String)
                    JsonText.Write(target, Encoding.UTF8.GetBytes(element.GetString()!));
                else
                    target.Write(Encoding.UTF8.GetBytes(element.GetRawText()));
            }
        }
        catch (JsonException)
        {
            throw new CommandException($"the key of this join has {parts} parts: write a JSON array of {parts}, such as [\"a\",1]");
        }

        JsonText.WriteByte(target, (byte)']');
        return target.WrittenSpan.ToArray();
    }
}
