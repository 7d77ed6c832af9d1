using System.Buffers;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Writes the value of an output record. Must be pure: the same row gives the same bytes for ever, since a row that was
/// not acknowledged is written again after a crash. Used by one thread at a time. A class of one's own is named by
/// <c>output.format = "Namespace.Type, Assembly"</c> and needs a constructor without parameters.
/// </summary>
public interface IRowWriter
{
    /// <summary>Writes the value of <paramref name="row"/> to <paramref name="output"/>.</summary>
    void Write(in JoinRow row, IBufferWriter<byte> output);
}
