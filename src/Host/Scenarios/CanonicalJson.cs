using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// JSON in one form: no blanks, properties in ordinal order, numbers by value. Equal texts = equal values.
/// </summary>
static class CanonicalJson
{
    /// <summary>How results are written: text as it is, as far as JSON allows.</summary>
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON that <paramref name="write"/> writes, in the one form.</summary>
    internal static string Write(Action<Utf8JsonWriter> write)
    {
        using var document = JsonDocument.Parse(Render(write));
        return Text(document.RootElement);
    }

    /// <summary>A value in the one form.</summary>
    internal static string Text(JsonElement value) => Encoding.UTF8.GetString(Render(writer => Write(writer, value)).Span);

    /// <summary>The JSON that <paramref name="write"/> writes.</summary>
    internal static ReadOnlyMemory<byte> Render(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            write(writer);
        return buffer.WrittenMemory;
    }

    static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // 1, 1.0 and 1e0 are one number. What a decimal cannot carry is compared as a double.
    static string Number(JsonElement value)
    {
        if (value.TryGetInt64(out var whole))
            return whole.ToString(CultureInfo.InvariantCulture);
        if (!value.TryGetDecimal(out var exact) || (exact == 0 && value.GetDouble() != 0))
            return double.IsFinite(value.GetDouble()) ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : value.GetRawText();
        const decimal OneWithAllZeros = 1.0000000000000000000000000000m;
        return (exact / OneWithAllZeros).ToString(CultureInfo.InvariantCulture);
    }
}
