using System.Buffers;
using System.Buffers.Text;
using AkkaJoin.Pipeline.Decoding;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>Values of the form "key,time,id"; one with the key "out" is filtered, "out" alone has no time. Anything else is a dead letter.</summary>
sealed class TextDecoder : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        var value = record.Value;
        var first = value.IndexOf((byte)',');
        if (value.SequenceEqual("out"u8))
            return decoded.Filter(DecodedRecord.NoTime);
        if (first < 0)
            return decoded.Fail("bad", "no comma");
        var second = first + 1 + value[(first + 1)..].IndexOf((byte)',');
        decoded.Key.Write(value[..first]);
        if (!Utf8Parser.TryParse(value[(first + 1)..second], out long time, out _))
            return decoded.Fail("bad", "no time");
        if (value.StartsWith("out,"u8))
            return decoded.Filter(time);
        decoded.Time = time;
        decoded.HasId = true;
        decoded.Id.Write(value[(second + 1)..]);
        return true;
    }
}
