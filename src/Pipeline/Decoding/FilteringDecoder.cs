using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Applies the filter to the typed fields that a decoder of the user's own writes. A record that this decoder refuses
/// stays a dead letter, whatever the filter says: only the decoder can read the value.
/// </summary>
/// <param name="decoder">
/// The user's decoder; it writes the fields of the conditions, and behind them those that the filter alone reads.
/// </param>
/// <param name="filter">The filter, over these fields.</param>
/// <param name="kept">How many of the fields the record keeps.</param>
/// <param name="positions">The position of each field of the filter among all of them.</param>
sealed class FilteringDecoder(IRecordDecoder decoder, ParsedFilter filter, int kept, int[] positions) : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (!decoder.Decode(record, decoded))
            return false;
        decoded.LacksField |= decoded.FilterFields?.Count(decoded.Fields.WrittenSpan, positions) ?? false;
        if (!filter.Passes(decoded.Fields.WrittenSpan))
            return decoded.Filter(decoded.Time);
        decoded.KeepFields(kept);
        return true;
    }
}
