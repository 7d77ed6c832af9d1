using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>What is counted of the configured fields of a join in this process, and what is warned of.</summary>
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

    /// <summary>Counts the lefts; the router's.</summary>
    internal SideTally Left { get; }

    /// <summary>Counts the rights; the router's.</summary>
    internal SideTally Right { get; }

    /// <summary>Counts the fields of rows; the row writers'.</summary>
    internal SelectTally Select { get; } = new();

    /// <summary>Decides of what is warned while the join runs.</summary>
    internal FieldWatch Watch { get; }

    /// <summary>What is warned of at the end.</summary>
    internal IReadOnlyList<string> Warnings(InputCounts counts) => [.. _warnings.Of(counts).Select(warning => warning.Text)];
}
