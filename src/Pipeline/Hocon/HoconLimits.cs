namespace AkkaJoin.Pipeline.Hocon;

/// <summary>What a configuration may not exceed, so that no file, however odd, exhausts memory or the stack.</summary>
static class HoconLimits
{
    /// <summary>The most bytes of one file.</summary>
    public const int FileBytes = 4 * 1024 * 1024;

    /// <summary>How deep objects, lists and the elements of dotted keys may nest.</summary>
    public const int Nesting = 100;

    /// <summary>How deep files may include files.</summary>
    public const int IncludeDepth = 20;

    /// <summary>The most files that one configuration may include, the same file counted each time.</summary>
    public const int IncludedFiles = 1_000;

    /// <summary>How long a chain of substitutions may be.</summary>
    public const int SubstitutionDepth = 1_000;

    /// <summary>The most values that substitutions may visit, since a few lines of them can multiply without bound.</summary>
    public const int ResolvedValues = 1_000_000;

    /// <summary>The most characters of all texts that substitutions put together.</summary>
    public const int ResolvedCharacters = 16 * 1024 * 1024;
}
