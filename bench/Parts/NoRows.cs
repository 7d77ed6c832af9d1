using System.Buffers;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Bench.Parts;

/// <summary>Writes nothing, so that what is left is the join.</summary>
sealed class NoRows : IRowWriter
{
    /// <inheritdoc/>
    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
    }
}
