namespace AkkaJoin.Pipeline.Rows;

/// <summary>What a <see cref="SelectedField"/> names.</summary>
enum SelectedKind
{
    /// <summary>The join key.</summary>
    Key,

    /// <summary>The left record's event time.</summary>
    LeftTime,

    /// <summary>The right record's event time.</summary>
    RightTime,

    /// <summary>How many lefts a right took.</summary>
    LeftCount,

    /// <summary>The left value, or a field of it.</summary>
    Left,

    /// <summary>The right value, or a field of it.</summary>
    Right,

    /// <summary>The array of the values of the lefts, or of a field of each.</summary>
    Lefts,
}
