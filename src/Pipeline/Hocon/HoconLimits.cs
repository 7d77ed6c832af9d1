namespace AkkaJoin.Pipeline.Hocon;

/// <summary>The limits of a configuration. With them, no file can exhaust memory or the stack.</summary>
static class HoconLimits
{
    /// <summary>The most bytes of one file.</summary>
    public const int FileBytes = 4 * 1024 * 1024;

    /// <summary>The most bytes of all files of one configuration together, the same file counted each time.</summary>
    public const int AllBytes = 8 * 1024 * 1024;

    /// <summary>The most characters of one element of a key.</summary>
    public const int KeyCharacters = 256;

    /// <summary>How deep objects, lists and the elements of dotted keys may nest.</summary>
    public const int Nesting = 100;

    /// <summary>How deep files may include files.</summary>
    public const int IncludeDepth = 20;

    /// <summary>
    /// The most files that one configuration may include, the same file counted each time, and those that are missing
    /// too.
    /// </summary>
    public const int IncludedFiles = 1_000;

    /// <summary>How long a chain of substitutions may be.</summary>
    public const int SubstitutionDepth = 1_000;

    /// <summary>
    /// The most values of a configuration, substitutions counted each time, since a few lines of them can multiply
    /// without bound.
    /// </summary>
    public const int ResolvedValues = 100_000;

    /// <summary>
    /// The most steps that substitutions may take: assignments that are looked at, fields that are copied. A key
    /// assigned n times that looks back each time takes n x n.
    /// </summary>
    public const int ResolvedSteps = 5_000_000;

    /// <summary>The most characters of all texts that substitutions put together.</summary>
    public const int ResolvedCharacters = 16 * 1024 * 1024;
}
