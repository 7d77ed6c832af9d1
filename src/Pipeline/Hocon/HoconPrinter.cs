using System.Globalization;
using System.Text;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>
/// Writes values as text that this reader and Akka's both read as the same values: every key and text in quotes, one
/// field a line.
/// </summary>
static class HoconPrinter
{
    /// <summary>The fields of <paramref name="value"/>, without braces around them.</summary>
    public static string Print(HoconObject value)
    {
        var text = new StringBuilder();
        PrintFields(value, text, 0);
        return text.ToString();
    }

    static void PrintFields(HoconObject value, StringBuilder text, int indent)
    {
        foreach (var (key, field) in value.Fields)
        {
            text.Append(' ', indent);
            PrintText(key, text);
            text.Append(field is HoconObject ? " " : " = ");
            PrintValue(field, text, indent);
            text.Append('\n');
        }
    }

    static void PrintValue(HoconValue value, StringBuilder text, int indent)
    {
        switch (value)
        {
            case HoconObject o:
                text.Append("{\n");
                PrintFields(o, text, indent + 2);
                text.Append(' ', indent).Append('}');
                break;
            case HoconArray array:
                PrintItems(array, text, indent);
                break;
            case HoconText t:
                PrintText(t.Text, text);
                break;
            default:
                text.Append("null");
                break;
        }
    }

    static void PrintItems(HoconArray array, StringBuilder text, int indent)
    {
        text.Append('[');
        for (var i = 0; i < array.Items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            PrintValue(array.Items[i], text, indent + 2);
        }

        text.Append(']');
    }

    static void PrintText(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"' or '\\': text.Append('\\').Append(c); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029':
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }
}
