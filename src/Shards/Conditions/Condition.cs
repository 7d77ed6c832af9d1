namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// A condition between fields of both sides, as <c>where</c> has it: <see cref="AllOf"/>, <see cref="AnyOf"/>,
/// <see cref="Not"/>, a <see cref="Comparison"/>, <see cref="OneOf"/> or <see cref="IsNull"/>. It is pure: it reads the
/// typed fields that travel with each record. Conditions of equal parts are equal. The logic has three values, as in
/// SQL: a condition holds, fails, or does neither where a value is missing or cannot be compared.
/// <para>
/// Example. <c>left.price &gt; right.price and left.shop = 'a'</c>: if the right price is missing, the comparison
/// neither holds nor fails. Then the whole neither holds nor fails where the shop is 'a', and fails where it is
/// another.
/// </para>
/// </summary>
abstract record Condition
{
    private protected Condition()
    {
    }

    /// <summary>
    /// Whether it holds for the pair. The spans are in the form of <see cref="TypedFields"/>; empty = every field is
    /// missing.
    /// </summary>
    public abstract bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);

    /// <summary>
    /// Whether it fails for the pair, so that its negation holds. Never together with <see cref="Holds"/>.
    /// </summary>
    public abstract bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);
}

/// <summary>Holds where each of its conditions holds. Without conditions it holds.</summary>
/// <param name="Conditions">The conditions, evaluated in this order.</param>
sealed record AllOf(IReadOnlyList<Condition> Conditions) : Condition
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

/// <summary>Holds where at least one of its conditions holds. Without conditions it never holds.</summary>
/// <param name="Conditions">The conditions, evaluated in this order.</param>
sealed record AnyOf(IReadOnlyList<Condition> Conditions) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields)
    {
        // By index: an enumerator of the interface would be allocated for every pair.
        for (var i = 0; i < Conditions.Count; i++)
        {
            var condition = Conditions[i];
            if (condition.Holds(leftFields, rightFields))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields)
    {
        for (var i = 0; i < Conditions.Count; i++)
        {
            if (!Conditions[i].Fails(leftFields, rightFields))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(AnyOf? other) => other is not null && Conditions.SequenceEqual(other.Conditions);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var condition in Conditions)
            hash.Add(condition);
        return hash.ToHashCode();
    }
}

/// <summary>Holds where its condition fails, and fails where it holds.</summary>
/// <param name="Condition">What must fail.</param>
sealed record Not(Condition Condition) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) => Condition.Fails(leftFields, rightFields);

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) => Condition.Holds(leftFields, rightFields);
}

/// <summary>
/// Compares two values. It neither holds nor fails where they cannot be compared: one is missing or null, or their
/// kinds differ. This is so for != too.
/// </summary>
/// <param name="Operator">How they are compared.</param>
/// <param name="A">The value before the operator.</param>
/// <param name="B">The value after the operator.</param>
sealed record Comparison(ComparisonOperator Operator, Operand A, Operand B) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        TypedValue.TryCompare(A.Read(leftFields, rightFields), B.Read(leftFields, rightFields), out var order) && Holds(order);

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        TypedValue.TryCompare(A.Read(leftFields, rightFields), B.Read(leftFields, rightFields), out var order) && !Holds(order);

    bool Holds(int order) => Operator switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order >= 0,
    };
}

/// <summary>How a <see cref="Comparison"/> compares.</summary>
enum ComparisonOperator : byte
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

/// <summary>
/// Holds where a value equals one of a list, <c>in (...)</c>. As in SQL it fails only where the value can be compared
/// with each of the list. So it never fails where a null is among them.
/// </summary>
/// <param name="A">The value.</param>
/// <param name="Values">The list.</param>
sealed record OneOf(Operand A, IReadOnlyList<Operand> Values) : Condition
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

/// <summary>
/// Holds where a field is missing or null, else fails. An object or a list is not null, although it cannot be compared.
/// </summary>
/// <param name="A">The value.</param>
sealed record IsNull(Operand A) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        A.Read(leftFields, rightFields).Type == FieldType.Missing;

    /// <inheritdoc/>
    public override bool Fails(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) => !Holds(leftFields, rightFields);
}
