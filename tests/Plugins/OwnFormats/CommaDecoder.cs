using System.Buffers;
using System.Buffers.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using OwnText;

namespace OwnFormats;

/// <summary>Values such as <c>key,time,id</c>.</summary>
public sealed class CommaDecoder : IRecordDecoder
{
    /// <param name="source">The input.</param>
    /// <param name="fields">Fields of conditions: none can be had.</param>
    public CommaDecoder(SourceSettings source, IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.Count > 0)
            throw new NotSupportedException($"no conditions on values with commas ({source.Topic})");
    }

    /// <inheritdoc/>
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        if (!Utf8Parser.TryParse(Commas.Field(record.Value, 1), out long time, out _))
            return decoded.Fail("no-time", "the second field is no number");
        decoded.Key.Write(Commas.Field(record.Value, 0));
        decoded.Time = time;
        decoded.Id.Write(Commas.Field(record.Value, 2));
        decoded.HasId = true;
        return true;
    }
}
