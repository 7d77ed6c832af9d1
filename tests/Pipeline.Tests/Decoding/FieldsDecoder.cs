using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Tests.Decoding;

/// <summary>Values of the form "a=x,b=y"; each has the time 77.</summary>
public sealed class FieldsDecoder(SourceSettings source, IReadOnlyList<string> fields) : IRecordDecoder
{
    /// <summary>The input.</summary>
    public SourceSettings Source { get; } = source;

    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        var values = Encoding.UTF8.GetString(record.Value).Split(',').Select(part => part.Split('=')).ToDictionary(p => p[0], p => p[1]);
        foreach (var field in fields)
            TypedFields.WriteText(decoded.Fields, Encoding.UTF8.GetBytes(values[field]));
        decoded.Time = 77;
        return true;
    }
}
