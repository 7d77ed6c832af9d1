using System.Buffers;
using AkkaJoin.Shards.Outputs;
using OwnText;

namespace OwnFormats;

/// <summary>Rows such as <c>left id+right id</c>.</summary>
public sealed class CommaRowWriter : IRowWriter
{
    /// <inheritdoc/>
    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
        if (row.HasLeft)
            output.Write(Commas.Field(row.Left.Value, 2));
        output.Write("+"u8);
        if (row.HasRight)
            output.Write(Commas.Field(row.Right.Value, 2));
    }
}
