using AkkaJoin.Simulation.Load;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>A planted bug: in one file of the sources one text, which stands there exactly once, becomes another.</summary>
/// <param name="Name">What the bug does.</param>
/// <param name="File">Below src.</param>
/// <param name="Text">What is right.</param>
/// <param name="Instead">What is wrong.</param>
sealed record Mutant(string Name, string File, string Text, string Instead)
{
    /// <summary>What the worlds lean to in which it is looked for. Where a bug is rare, to what meets it.</summary>
    internal Leaning Leaning { get; init; }

    /// <summary>The project that the file belongs to.</summary>
    internal string Project => File[..File.IndexOf('/', StringComparison.Ordinal)];
}
