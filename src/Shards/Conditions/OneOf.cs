namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// Holds where a value equals one of a list, <c>in (...)</c>. As in SQL it fails only where it can be compared with each of them: of a null
/// among them nothing can be said.
/// </summary>
/// <param name="A">The value.</param>
/// <param name="Values">The list.</param>
public sealed record OneOf(Operand A, IReadOnlyList<Operand> Values) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields)
    {
        var a = A.Read(leftFields, rightFields);

        // By index: an enumerator of the interface would be allocated for every pair.
        for (var i = 0; i < Values.Count; i++)
        {
            if (TypedValue.TryCompare(a, Values[i].Read(leftFields, rightFields), out var order) && order == 0)
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields)
    {
        var a = A.Read(leftFields, rightFields);
        for (var i = 0; i < Values.Count; i++)
        {
            if (!TypedValue.TryCompare(a, Values[i].Read(leftFields, rightFields), out var order) || order == 0)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(OneOf? other) => other is not null && A == other.A && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(A);
        foreach (var value in Values)
            hash.Add(value);
        return hash.ToHashCode();
    }
}
