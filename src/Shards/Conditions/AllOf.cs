namespace AkkaJoin.Shards.Conditions;

/// <summary>Holds where every one of its conditions holds; all of nothing holds.</summary>
/// <param name="Conditions">The conditions, evaluated in this order.</param>
public sealed record AllOf(IReadOnlyList<Condition> Conditions) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields)
    {
        // By index: an enumerator of the interface would be allocated for every pair.
        for (var i = 0; i < Conditions.Count; i++)
        {
            var condition = Conditions[i];
            if (!condition.Holds(leftFields, rightFields))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields)
    {
        for (var i = 0; i < Conditions.Count; i++)
        {
            if (Conditions[i].Fails(leftFields, rightFields))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(AllOf? other) => other is not null && Conditions.SequenceEqual(other.Conditions);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var condition in Conditions)
            hash.Add(condition);
        return hash.ToHashCode();
    }
}
