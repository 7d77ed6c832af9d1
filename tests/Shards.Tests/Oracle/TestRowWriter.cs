using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Writes rows as the tests spell them: "l1+r2", "l1+", "+r2"; attributions "r2:l1,l3/2", "r2:/0", and "l1:" for an untaken left.</summary>
sealed class TestRowWriter : IRowWriter
{
    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
        var text = new StringBuilder();
        if (!row.IsAttribution)
        {
            text.Append(row.HasLeft ? Name(row.Left.Value) : "").Append('+').Append(row.HasRight ? Name(row.Right.Value) : "");
        }
        else if (!row.HasRight)
        {
            text.Append(Name(row.GetLeft(0).Value)).Append(':');
        }
        else
        {
            text.Append(Name(row.Right.Value)).Append(':');
            for (var i = 0; i < row.Lefts; i++)
                text.Append(i == 0 ? "" : ",").Append(Name(row.GetLeft(i).Value));
            text.Append('/').Append(row.LeftCount);
        }

        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    static string Name(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);
}
