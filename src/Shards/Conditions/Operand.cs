using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// What a <see cref="Comparison"/> compares: a <see cref="FieldOperand"/> or a <see cref="ConstantOperand"/>.
/// </summary>
abstract record Operand
{
    private protected Operand()
    {
    }

    /// <summary>The value for a pair of records. The spans are in the form of <see cref="TypedFields"/>.</summary>
    public abstract TypedValue Read(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields);
}

/// <summary>A field of one of the records.</summary>
/// <param name="Side">Whose field.</param>
/// <param name="Index">Its place among the side's <see cref="SourceDefinition.Fields"/>.</param>
sealed record FieldOperand(Side Side, int Index) : Operand
{
    /// <inheritdoc/>
    public override TypedValue Read(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) =>
        TypedFields.Read(Side == Side.Left ? leftFields : rightFields, Index);
}

/// <summary>A constant: a text, a number, true, false or null (which compares with nothing).</summary>
sealed record ConstantOperand : Operand
{
    readonly byte[] _encoded;

    ConstantOperand(ArrayBufferWriter<byte> encoded) => _encoded = encoded.WrittenSpan.ToArray();

    /// <summary>The constant null.</summary>
    public static ConstantOperand Null { get; } = Build(TypedFields.WriteMissing);

    /// <summary>The value.</summary>
    public TypedValue Value => TypedFields.Read(_encoded, 0);

    /// <summary>A text.</summary>
    public static ConstantOperand Of(string text) => Build(target => TypedFields.WriteText(target, Encoding.UTF8.GetBytes(text)));

    /// <summary>A whole number.</summary>
    public static ConstantOperand Of(long number) => Build(target => TypedFields.WriteInt64(target, number));

    /// <summary>A number; the same as a whole one where it is whole and fits 64 bits.</summary>
    public static ConstantOperand Of(double number) => Build(target => TypedFields.WriteDouble(target, number));

    /// <summary>A decimal number; the same as a whole one where it is whole and fits 64 bits.</summary>
    internal static ConstantOperand Of(in ExactNumber number)
    {
        var target = new ArrayBufferWriter<byte>(16);
        TypedFields.WriteNumber(target, number);
        return new ConstantOperand(target);
    }

    /// <summary>The number that a text says, or null where it says none that is held exactly.</summary>
    public static ConstantOperand? OfNumber(string text) =>
        ExactNumber.Read(Encoding.UTF8.GetBytes(text), out var number) == NumberReading.Read ? Of(number) : null;

    /// <summary>A boolean.</summary>
    public static ConstantOperand Of(bool value) => Build(target => TypedFields.WriteBoolean(target, value));

    /// <inheritdoc/>
    public override TypedValue Read(ReadOnlySpan<byte> leftFields, ReadOnlySpan<byte> rightFields) => Value;

    /// <inheritdoc/>
    public bool Equals(ConstantOperand? other) => other is not null && _encoded.AsSpan().SequenceEqual(other._encoded);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_encoded);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => WhereFormatter.Format(Value);

    static ConstantOperand Build(Action<IBufferWriter<byte>> write)
    {
        var target = new ArrayBufferWriter<byte>(16);
        write(target);
        return new ConstantOperand(target);
    }
}
