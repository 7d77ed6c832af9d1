namespace AkkaJoin.Pipeline.Settings;

/// <summary>A configuration that is missing, unreadable or wrong. The message has one line for each problem.</summary>
sealed class ConfigException : UserException
{
    /// <summary>What the program ends with: EX_CONFIG of sysexits.h.</summary>
    public const int Code = 78;

    /// <summary>With the problems, one at least, of the configuration in <paramref name="file"/>.</summary>
    public ConfigException(string file, IReadOnlyList<ConfigProblem> problems)
        : base(Describe(file, problems), Code) => Problems = problems;

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }

    static string Describe(string file, IReadOnlyList<ConfigProblem> problems) => problems.Count == 1
        ? problems[0].ToString()
        : $"{file} has {problems.Count} errors:\n" + string.Join('\n', problems.Select(problem => $"  {problem}"));
}
