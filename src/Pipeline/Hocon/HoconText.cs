namespace AkkaJoin.Pipeline.Hocon;

/// <summary>A text, number, boolean, duration or size: HOCON leaves it to the reader of a key what its text means.</summary>
sealed class HoconText(string text, HoconOrigin origin) : HoconValue(origin)
{
    /// <summary>The text, without quotes and escapes.</summary>
    public string Text { get; } = text;

    /// <inheritdoc/>
    public override string Kind => "a text";

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HoconText other && other.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
