using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Collects the problems, so that a user sees all of them at once, up to a limit.</summary>
sealed class ProblemList
{
    readonly List<ConfigProblem> _problems = [];

    /// <summary>In the order in which they were found.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>Whether something is wrong with this key.</summary>
    public bool Has(string key) => _problems.Exists(problem => problem.Key == key);

    /// <summary>Whether something is wrong with this object or anything in it.</summary>
    public bool HasBelow(string path) =>
        _problems.Exists(problem => problem.Key == path || problem.Key?.StartsWith(path + ".", StringComparison.Ordinal) == true);

    /// <summary>Adds "<paramref name="key"/> (origin) <paramref name="predicate"/>".</summary>
    public void Add(string key, HoconOrigin? origin, string predicate) => AddSentence(key, $" {predicate}", key, origin);

    /// <summary>Adds a sentence that does not begin with the key.</summary>
    /// <exception cref="TooManyProblemsException">There are as many as are looked for.</exception>
    public void AddSentence(string subject, string predicate, string? key, HoconOrigin? origin)
    {
        if (_problems.Count >= ReadingLimits.Problems)
        {
            _problems.Add(new ConfigProblem($"there are more errors; these are the first {ReadingLimits.Problems}", "", null, null));
            throw new TooManyProblemsException();
        }

        _problems.Add(new ConfigProblem(Part(subject), Part(predicate), key, origin is { File.Length: > 0 } ? origin : null));
    }

    static string Part(string text) => OneLine.Of(OneLine.Beginning(text, ReadingLimits.MessageCharacters));
}

/// <summary>So much is wrong that nothing more is looked for. The problems are in the list.</summary>
sealed class TooManyProblemsException : Exception;
