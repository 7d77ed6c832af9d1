namespace AkkaJoin.Shards.Conditions;

/// <summary>What <see cref="WhereParser.ParseFilter(string)"/> read: a condition on the records of one side alone.</summary>
/// <param name="Condition">The condition; its fields are those of <see cref="Definition.Side.Left"/>, whichever side it filters.</param>
/// <param name="Fields">The paths of the fields, in the order that the condition's indexes mean.</param>
public sealed record ParsedFilter(Condition Condition, IReadOnlyList<string> Fields)
{
    /// <summary>The canonical text, as the journaled definition has it.</summary>
    public string Text => WhereParser.FormatFilter(Condition, Fields);

    /// <summary>Whether a record with these fields passes. The span is in the form of <see cref="TypedFields"/>.</summary>
    public bool Passes(ReadOnlySpan<byte> fields) => Condition.Holds(fields, default);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
