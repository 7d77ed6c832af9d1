using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>
/// Counts how often the configured fields of a join are missing in this process, and decides which are warned of.
/// </summary>
sealed class JoinFields
{
    readonly FieldWarnings _warnings;

    internal JoinFields(JoinSettings join)
    {
        Left = new SideTally(join.Left, join.LeftFields);
        Right = new SideTally(join.Right, join.RightFields);
        _warnings = new FieldWarnings(join);
        Watch = new FieldWatch(_warnings);
    }

    /// <summary>Counts the lefts; used by the router.</summary>
    internal SideTally Left { get; }

    /// <summary>Counts the rights; used by the router.</summary>
    internal SideTally Right { get; }

    /// <summary>Counts the fields of rows; used by the row writers.</summary>
    internal SelectTally Select { get; } = new();

    /// <summary>Decides which fields are warned of while the join runs.</summary>
    internal FieldWatch Watch { get; }

    /// <summary>The warnings at the end of the run.</summary>
    internal IReadOnlyList<string> Warnings(InputCounts counts) => [.. _warnings.Of(counts).Select(warning => warning.Text)];
}
