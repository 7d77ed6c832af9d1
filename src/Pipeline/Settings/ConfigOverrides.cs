using System.Text;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Keys that the command line sets over the file and the environment.</summary>
static class ConfigOverrides
{
    /// <summary>The name in origins in place of a file. The line is the number of the option.</summary>
    internal const string Name = "--set";

    /// <summary>
    /// One line of HOCON for each KEY=VALUE. A value that begins as a list, an object, a quoted text or a substitution
    /// is taken as it stands, as is null; every other one is a text, whatever is in it.
    /// </summary>
    /// <exception cref="FormatException">One is no KEY=VALUE.</exception>
    internal static string Text(IEnumerable<string> pairs)
    {
        var text = new StringBuilder();
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (pair, "") : (pair[..equals].Trim(), pair[(equals + 1)..].Trim());
            if (equals < 0 || key.Length == 0
                || key.Any(c => char.IsControl(c) || c is '{' or '}' or '[' or ']' or '#' or ',' or ':' or '$'))
                throw new FormatException($"--set takes KEY=VALUE, such as akkajoin.flow.linger=5ms; it is '{pair}'");
            text.Append(key).Append(" = ").Append(IsHocon(value) ? value.ReplaceLineEndings(" ") : Quoted(value)).Append('\n');
        }

        return text.ToString();
    }

    static bool IsHocon(string value) =>
        value == "null" || (value.Length > 0 && value[0] is '[' or '{' or '"') || value.StartsWith("${", StringComparison.Ordinal);

    static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (char.IsControl(c))
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                text.Append(c is '"' or '\\' ? "\\" : "").Append(c);
        }

        return text.Append('"').ToString();
    }
}
