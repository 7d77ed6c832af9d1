using System.Globalization;
using System.Text;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>
/// Which record is meant: <c>partition:offset</c>, <c>id=ID</c>, <c>key=KEY</c> or a bare key. <c>left:</c> or
/// <c>right:</c> may stand before it.
/// </summary>
/// <param name="Side">The side that was named; null = none.</param>
/// <param name="Kind">How the record is named.</param>
/// <param name="Text">What was written, without the side.</param>
sealed record RecordReference(Side? Side, RecordReferenceKind Kind, string Text)
{
    const string LeftPrefix = "left:", RightPrefix = "right:", IdPrefix = "id=", KeyPrefix = "key=";

    /// <summary>The partition, where <see cref="Kind"/> is a position.</summary>
    internal int Partition { get; private init; }

    /// <summary>The offset, where <see cref="Kind"/> is a position.</summary>
    internal long Offset { get; private init; }

    /// <summary>The bytes of the id or of the key.</summary>
    internal byte[] Bytes { get; private init; } = [];

    /// <summary>Reads a reference.</summary>
    /// <exception cref="CommandException">It is empty.</exception>
    internal static RecordReference Parse(string text)
    {
        var (side, rest) = Split(text);
        if (rest.Length == 0)
            throw new CommandException($"'{text}' names no record: write partition:offset, id=ID or a key");
        if (rest.StartsWith(IdPrefix, StringComparison.Ordinal))
            return Of(side, RecordReferenceKind.Id, rest[IdPrefix.Length..]);
        if (rest.StartsWith(KeyPrefix, StringComparison.Ordinal))
            return Of(side, RecordReferenceKind.Key, rest[KeyPrefix.Length..]);
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && TryNumber(rest[..colon], out int partition) && TryNumber(rest[(colon + 1)..], out long offset)
            ? new RecordReference(side, RecordReferenceKind.Position, rest) { Partition = partition, Offset = offset }
            : Of(side, RecordReferenceKind.Key, rest);
    }

    static RecordReference Of(Side? side, RecordReferenceKind kind, string text) =>
        new(side, kind, text) { Bytes = Encoding.UTF8.GetBytes(text) };

    static (Side? Side, string Text) Split(string text)
    {
        if (text.StartsWith(LeftPrefix, StringComparison.OrdinalIgnoreCase))
            return (Shards.Side.Left, text[LeftPrefix.Length..]);
        return text.StartsWith(RightPrefix, StringComparison.OrdinalIgnoreCase)
            ? (Shards.Side.Right, text[RightPrefix.Length..])
            : (null, text);
    }

    static bool TryNumber<T>(string text, out T number)
        where T : struct, System.Numerics.INumber<T> => T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>How a record is named.</summary>
enum RecordReferenceKind
{
    /// <summary>By partition and offset.</summary>
    Position,

    /// <summary>By its id.</summary>
    Id,

    /// <summary>By its join key.</summary>
    Key,
}
