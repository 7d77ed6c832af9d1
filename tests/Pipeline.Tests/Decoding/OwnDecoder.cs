using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;

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
