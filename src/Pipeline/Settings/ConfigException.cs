using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>A configuration that is missing, unreadable or wrong. The message has one line for each problem.</summary>
sealed class ConfigException : UserException
{
    /// <summary>The exit code of the program: EX_CONFIG of sysexits.h.</summary>
    public const int Code = 78;

    /// <summary>With the problems, one at least, of the configuration in <paramref name="file"/>.</summary>
    public ConfigException(string file, IReadOnlyList<ConfigProblem> problems)
        : base(Describe(file, problems), Code) => Problems = problems;

    /// <summary>All problems.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }

    static string Describe(string file, IReadOnlyList<ConfigProblem> problems) => problems.Count == 1
        ? problems[0].ToString()
        : $"{file} has {problems.Count} errors:\n" + string.Join('\n', problems.Select(problem => $"  {problem}"));
}

/// <summary>One problem of a configuration.</summary>
/// <param name="Subject">The beginning of the sentence, before the origin: most often the key.</param>
/// <param name="Predicate">The rest of the sentence, with its leading space or punctuation; may be empty.</param>
/// <param name="Key">The full path of the key, or null.</param>
/// <param name="Origin">The file and line, or null.</param>
sealed record ConfigProblem(string Subject, string Predicate, string? Key, HoconOrigin? Origin)
{
    /// <summary>The sentence without the origin.</summary>
    public string Message => Subject + Predicate;

    /// <summary>The sentence with the origin: <c>unknown key a.b (akkajoin.conf:12); did you mean c?</c></summary>
    public override string ToString() => Origin is { } origin ? $"{Subject} ({origin}){Predicate}" : Message;
}
