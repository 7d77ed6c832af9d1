using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Judges the filter behind a decoder of the user's own, by the typed fields that it writes. What that decoder makes a dead letter is one:
/// it alone can read the value.
/// </summary>
/// <param name="decoder">The user's decoder; it writes the fields of the conditions, and behind them those that the filter alone reads.</param>
/// <param name="filter">The filter, over these fields.</param>
/// <param name="kept">How many of the fields go on with the record.</param>
sealed class FilteringDecoder(IRecordDecoder decoder, ParsedFilter filter, int kept) : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (!decoder.Decode(record, decoded))
            return false;
        if (!filter.Passes(decoded.Fields.WrittenSpan))
            return decoded.Filter(decoded.Time);
        decoded.KeepFields(kept);
        return true;
    }
}
