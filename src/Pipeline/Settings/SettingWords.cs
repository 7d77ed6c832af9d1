using System.Globalization;
using System.Text;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>The words of a configuration for values of our own types.</summary>
static class SettingWords
{
    /// <summary>The name of a value as a configuration has it: wall-clock for WallClock.</summary>
    internal static string Of<T>(T value)
        where T : struct, Enum => Of(value.ToString());

    /// <summary>A name of C# as a configuration has it.</summary>
    internal static string Of(string name)
    {
        var word = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && word.Length > 0)
                word.Append('-');
            word.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        }

        return word.ToString();
    }
}
