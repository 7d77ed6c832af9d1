namespace AkkaJoin.Pipeline.Hocon;

/// <summary>An explicit null: the key counts as not set, whatever was set before.</summary>
sealed class HoconNull(HoconOrigin origin) : HoconValue(origin)
{
    /// <inheritdoc/>
    public override string Kind => "null";

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HoconNull;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString() => "null";
}
