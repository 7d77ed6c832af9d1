using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaJoin.Bench.Measuring;

/// <summary>What a command has measured.</summary>
/// <param name="Text">The report for people.</param>
/// <param name="Figures">The same for programs.</param>
/// <param name="IsGood">False where the exit code has to tell: rows that are not exact, or a cost above its limit.</param>
sealed record BenchReport(MarkdownText Text, object Figures, bool IsGood = true)
{
    // A share of nothing is NaN, and a process that the kernel ended is infinitely slow.
    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The figures as JSON.</summary>
    internal string Json() => JsonSerializer.Serialize(Figures, JsonOptions);

    /// <summary>The figures that <see cref="Json"/> has written.</summary>
    internal static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonOptions)!;
}
