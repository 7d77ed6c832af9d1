namespace AkkaJoin.Shards.Conditions;

/// <summary>How a <see cref="Comparison"/> compares.</summary>
public enum ComparisonOperator : byte
{
    /// <summary>=</summary>
    Equal,

    /// <summary>!=</summary>
    NotEqual,

    /// <summary>&lt;</summary>
    Less,

    /// <summary>&lt;=</summary>
    LessOrEqual,

    /// <summary>&gt;</summary>
    Greater,

    /// <summary>&gt;=</summary>
    GreaterOrEqual,
}
