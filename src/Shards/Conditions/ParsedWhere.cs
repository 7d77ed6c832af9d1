namespace AkkaJoin.Shards.Conditions;

/// <summary>What <see cref="WhereParser"/> read.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="LeftFields">The paths of the left fields, in the order that the condition's indexes mean.</param>
/// <param name="RightFields">The paths of the right fields, in the order that the condition's indexes mean.</param>
public sealed record ParsedWhere(Condition Condition, IReadOnlyList<string> LeftFields, IReadOnlyList<string> RightFields);
