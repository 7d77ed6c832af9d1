namespace AkkaJoin.Shards.Conditions;

/// <summary>A token of a condition's text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A word or number as written, an operator, a text or quoted name without its quotes.</param>
/// <param name="Position">Where it begins, 0-based.</param>
readonly record struct WhereToken(WhereTokenKind Kind, string Text, int Position)
{
    internal bool IsWord(string word) => Kind == WhereTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    internal bool IsSymbol(string symbol) => Kind == WhereTokenKind.Symbol && Text == symbol;

    public override string ToString() => Kind == WhereTokenKind.End ? "the end" : $"'{Text}'";
}
