
namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Rendered outputs in one run of bytes, as they wait for the broker and stand in snapshots. Per output:
/// <code>u8 kind, i64 timestamp ms, varint (key length + 1, 0 = null), key, varint (value length + 1), value, varint headers length, headers</code>
/// The headers are the output's own; the sink adds its id and the join's name.
/// </summary>
static class OutputEncoding
{
    /// <summary>Reads the outputs one after the other.</summary>
    public static OutputReader Read(ReadOnlySpan<byte> outputs) => new(outputs);
}
