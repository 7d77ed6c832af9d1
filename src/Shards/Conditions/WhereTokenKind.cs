namespace AkkaJoin.Shards.Conditions;

/// <summary>What a <see cref="WhereToken"/> is.</summary>
enum WhereTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name, a keyword, or a number.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>An operator, a dot or a parenthesis.</summary>
    Symbol,
}
