using System.Globalization;
using System.Text;

namespace AkkaJoin.Cockpit.Text;

/// <summary>
/// Brings a text into one Unicode form: letters apart from their marks, full-width characters as plain ones, without
/// what cannot be seen. The program runs without ICU, so that <see cref="string.Normalize()"/> changes nothing.
/// </summary>
static class UnicodeForm
{
    const char FullWidthFirst = '\uFF01', FullWidthLast = '\uFF5E';
    const int FullWidthAbove = 0xFEE0;
    const char HangulFirst = '\uAC00', HangulLast = '\uD7A3', LeadFirst = '\u1100', VowelFirst = '\u1161', TailFirst = '\u11A8';
    const int Vowels = 21, Tails = 28; // of the tails one is none
    const char NoBreakSpace = '\u00A0';
    static readonly Lazy<IReadOnlyDictionary<char, string>> Decompositions = new(Load);

    /// <summary>The text in that form.</summary>
    internal static string Of(string text)
    {
        var form = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Decompositions.Value.TryGetValue(c, out var parts))
                form.Append(parts);
            else if (c is >= HangulFirst and <= HangulLast)
                AppendHangul(c, form);
            else if (c is >= FullWidthFirst and <= FullWidthLast)
                form.Append((char)(c - FullWidthAbove));
            else if (c == NoBreakSpace)
                form.Append(' ');
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.Format)
                form.Append(c);
        }

        return form.ToString();
    }

    // A syllable is made of its letters by a rule (The Unicode Standard, 3.12).
    static void AppendHangul(char syllable, StringBuilder form)
    {
        var index = syllable - HangulFirst;
        form.Append((char)(LeadFirst + (index / (Vowels * Tails)))).Append((char)(VowelFirst + (index / Tails % Vowels)));
        if (index % Tails > 0)
            form.Append((char)(TailFirst - 1 + (index % Tails)));
    }

    // The decompositions of Unicode 14 for Latin, Greek, Cyrillic and the scripts up to U+1FFF: a code and its parts.
    static Dictionary<char, string> Load()
    {
        using var stream = typeof(UnicodeForm).Assembly.GetManifestResourceStream(typeof(UnicodeForm), "decompositions.txt")!;
        using var reader = new StreamReader(stream);
        var all = new Dictionary<char, string>();
        while (reader.ReadLine() is { } line)
        {
            var codes = line.Split(' ')
                .Select(code => (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            all[codes[0]] = new string(codes, 1, codes.Length - 1);
        }

        return all;
    }
}
