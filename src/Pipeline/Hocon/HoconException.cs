namespace AkkaJoin.Pipeline.Hocon;

/// <summary>
/// A configuration text that cannot be read. The message is one line for the user, with file and line in it.
/// </summary>
sealed class HoconException : Exception
{
    /// <summary>A problem at a line of a file; line 0 = the whole file.</summary>
    public HoconException(string problem, string file, int line)
        : this(problem, new HoconOrigin(file, line))
    {
    }

    /// <summary>A problem at <paramref name="origin"/>.</summary>
    public HoconException(string problem, HoconOrigin origin)
        : base(OneLine.Of($"{problem} ({origin})"))
    {
        Problem = OneLine.Of(problem);
        Origin = origin;
    }

    /// <summary>What is wrong, without the origin.</summary>
    public string Problem { get; }

    /// <summary>The file and line.</summary>
    public HoconOrigin Origin { get; }
}
