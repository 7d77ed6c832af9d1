namespace AkkaJoin.Pipeline.Hocon;

/// <summary>
/// A value of a configuration after substitution. Equality is that of the contents; origins do not count.
/// </summary>
abstract class HoconValue(HoconOrigin origin)
{
    /// <summary>Where it was written.</summary>
    public HoconOrigin Origin { get; } = origin;

    /// <summary>What to call it in a message: "an object", "a list", "a text", "null".</summary>
    public abstract string Kind { get; }
}

/// <summary>
/// A text, number, boolean, duration or size: HOCON leaves it to the reader of a key what its text means.
/// </summary>
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

/// <summary>Where a value was written.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">The line, from 1; 0 where a whole file is meant.</param>
/// <param name="Environment">The environment variable the value came from, or null.</param>
readonly record struct HoconOrigin(string File, int Line, string? Environment = null)
{
    /// <summary>"file:line", or "environment NAME at file:line".</summary>
    public override string ToString()
    {
        var position = Line > 0 ? $"{File}:{Line}" : File;
        if (Environment is null) return position;
        return position.Length == 0 ? $"environment {Environment}" : $"environment {Environment} at {position}";
    }
}
