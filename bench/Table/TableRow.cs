using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Table;

/// <summary>One figure of the table.</summary>
sealed record TableRow
{
    /// <summary>The group of rows that it belongs to, as <c>--only</c> has it.</summary>
    public required string Group { get; init; }

    /// <summary>What it is, with its unit.</summary>
    public required string Figure { get; init; }

    /// <summary>Over the runs; null = it could not be measured, and <see cref="Beside"/> says why.</summary>
    public required Spread? Value { get; init; }

    /// <summary>The format of the value, such as F2.</summary>
    public string Format { get; init; } = "F2";

    /// <summary>The most that it may be; null = it is there to be known.</summary>
    public double? Mark { get; init; }

    /// <summary>Whether what was measured is worth anything: the judge found the rows exact.</summary>
    public bool IsExact { get; init; } = true;

    /// <summary>How it was measured, in one line.</summary>
    public required string How { get; init; }

    /// <summary>What was seen beside it.</summary>
    public string Beside { get; init; } = "";

    /// <summary>Whether the median keeps to the mark; null = no mark, or no value.</summary>
    public bool? IsMet => Mark is null || Value is null ? null : IsExact && Value.Value.Median <= Mark;
}
