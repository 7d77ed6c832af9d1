namespace AkkaJoin.Pipeline.Hocon;

/// <summary>A list of values.</summary>
sealed class HoconArray(IReadOnlyList<HoconValue> items, HoconOrigin origin) : HoconValue(origin)
{
    /// <summary>The elements.</summary>
    public IReadOnlyList<HoconValue> Items { get; } = items;

    /// <inheritdoc/>
    public override string Kind => "a list";

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HoconArray other && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Count;

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}
