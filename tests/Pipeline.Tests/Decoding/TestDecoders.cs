using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Tests.Decoding;

/// <summary>A decoder as a user would write it; for the topic "bad" its constructor fails.</summary>
public sealed class OwnDecoder : IRecordDecoder
{
    public OwnDecoder(SourceSettings source, IReadOnlyList<string> fields)
    {
        if (source.Topic == "bad")
            throw new InvalidOperationException("not today");
    }

    public bool Decode(in ConsumedRecord record, DecodedRecord decoded) => true;
}

/// <summary>Without the constructor that a decoder needs.</summary>
public sealed class UnfitDecoder : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded) => true;
}

/// <summary>A decoder that can be made once: the configuration is good, and the start of its join fails.</summary>
public sealed class SpentDecoder : IRecordDecoder
{
    static int _made;

    public SpentDecoder(SourceSettings source, IReadOnlyList<string> fields)
    {
        if (Interlocked.Increment(ref _made) > 1)
            throw new InvalidOperationException("made already");
    }

    public bool Decode(in ConsumedRecord record, DecodedRecord decoded) => true;
}

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
