using AkkaJoin.Pipeline.Decoding;

namespace AkkaJoin.Pipeline.Tests.Decoding;

/// <summary>Without the constructor that a decoder needs.</summary>
public sealed class UnfitDecoder : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded) => true;
}
