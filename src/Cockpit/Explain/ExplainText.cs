using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Explain;

/// <summary>An <see cref="Explanation"/> for people: the sentence, the code, then the evidence.</summary>
static class ExplainText
{
    internal static void Write(Explanation explanation, TextWriter output)
    {
        output.WriteLine(Clean(explanation.Text));
        output.WriteLine($"{SettingWords.Of(explanation.Reason)} ({SettingWords.Of(explanation.Certainty)})");
        foreach (var evidence in explanation.Evidence)
            output.WriteLine(Clean($"  {evidence.Source}: {evidence.Text}"));
    }

    // Keys and ids are the data's: a terminal must not take them for commands.
    static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
