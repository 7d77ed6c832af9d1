namespace AkkaJoin.Shards.Memory;

/// <summary>A run of memory that records lie in: an array, or a piece of a mapped file.</summary>
sealed unsafe class Slab
{
    readonly byte[]? _array;
    readonly byte* _mapped;

    Slab(byte[]? array, byte* mapped, int length)
    {
        _array = array;
        _mapped = mapped;
        Length = length;
    }

    /// <summary>Bytes, written or not.</summary>
    internal int Length { get; }

    /// <summary>How many holders it has. Only its pool changes it, under the pool's lock.</summary>
    internal int Holders { get; set; }

    internal ReadOnlySpan<byte> Bytes => Writable;

    internal Span<byte> Writable => _array is not null ? _array : new Span<byte>(_mapped, Length);

    /// <summary>A slab of no bytes.</summary>
    internal static Slab Empty { get; } = Over([]);

    internal static Slab Over(byte[] array) => new(array, null, array.Length);

    /// <summary>Over memory that whoever made it keeps mapped for as long as the slab is in use.</summary>
    internal static Slab Over(byte* mapped, int length) => new(null, mapped, length);
}
