using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Judges the filter behind a decoder of the user's own, by the typed fields that it writes. What that decoder makes a dead letter is one:
/// it alone can read the value.
/// </summary>
/// <param name="decoder">The user's decoder; it writes the fields of the conditions, and behind them those that the filter alone reads.</param>
/// <param name="filter">The filter, over these fields.</param>
/// <param name="kept">How many of the fields go on with the record.</param>
/// <param name="places">Where each field of the filter stands among them all.</param>
sealed class FilteringDecoder(IRecordDecoder decoder, ParsedFilter filter, int kept, int[] places) : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (!decoder.Decode(record, decoded))
            return false;
        decoded.LacksField |= decoded.FilterFields?.Count(decoded.Fields.WrittenSpan, places) ?? false;
        if (!filter.Passes(decoded.Fields.WrittenSpan))
            return decoded.Filter(decoded.Time);
        decoded.KeepFields(kept);
        return true;
    }
}
