using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Writes rows as the tests spell them: "l1+r2", "l1+", "+r2"; attributions "r2:l1,l3/2", "r2:/0", and "l1:" for an untaken left.</summary>
/// <param name="namesSides">Whether a value's first letter gives way to that of its side: in a self-join one value is on both.</param>
sealed class TestRowWriter(bool namesSides = false) : IRowWriter
{
    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
        var text = new StringBuilder();
        if (!row.IsAttribution)
        {
            text.Append(row.HasLeft ? Left(row.Left.Value) : "").Append('+').Append(row.HasRight ? Right(row.Right.Value) : "");
        }
        else if (!row.HasRight)
        {
            text.Append(Left(row.GetLeft(0).Value)).Append(':');
        }
        else
        {
            text.Append(Right(row.Right.Value)).Append(':');
            for (var i = 0; i < row.Lefts; i++)
                text.Append(i == 0 ? "" : ",").Append(Left(row.GetLeft(i).Value));
            text.Append('/').Append(row.LeftCount);
        }

        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    string Left(ReadOnlySpan<byte> value) => Name(value, 'l');

    string Right(ReadOnlySpan<byte> value) => Name(value, 'r');

    string Name(ReadOnlySpan<byte> value, char side)
    {
        var name = Encoding.UTF8.GetString(value);
        return namesSides ? side + name[1..] : name;
    }
}
