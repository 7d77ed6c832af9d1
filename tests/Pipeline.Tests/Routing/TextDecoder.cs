using System.Buffers;
using System.Buffers.Text;
using AkkaJoin.Pipeline.Decoding;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>Values of the form "key,time,id"; anything else is a dead letter.</summary>
sealed class TextDecoder : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        var value = record.Value;
        var first = value.IndexOf((byte)',');
        if (first < 0)
            return decoded.Fail("bad", "no comma");
        var second = first + 1 + value[(first + 1)..].IndexOf((byte)',');
        decoded.Key.Write(value[..first]);
        if (!Utf8Parser.TryParse(value[(first + 1)..second], out long time, out _))
            return decoded.Fail("bad", "no time");
        decoded.Time = time;
        decoded.HasId = true;
        decoded.Id.Write(value[(second + 1)..]);
        return true;
    }
}
