using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Testing;

/// <summary>
/// Runs a decoder as AkkaJoin does, and holds it to the rules of <see cref="IRecordDecoder"/>: every record is decoded
/// twice, each time from bytes that are overwritten after the call.
/// <code>
/// var decoder = new DecoderTester(new CommaDecoder(new SourceSettings { Topic = "plays" }, []));
/// var decoded = decoder.Decode(TestRecord.Of("m1,1573553730000,i7"));
/// Assert.Equal("m1", decoded.KeyText);
/// </code>
/// Not for several threads at once, as a decoder is not.
/// </summary>
/// <param name="decoder">The decoder under test.</param>
/// <param name="fields">How many fields it was told to find: the length of the list that its constructor took.</param>
public sealed class DecoderTester(IRecordDecoder decoder, int fields = 0)
{
    readonly DecodedRecord _decoded = new();

    /// <summary>Decodes one record.</summary>
    /// <exception cref="FormatRuleException">The decoder breaks a rule; the message names it.</exception>
    /// <remarks>
    /// An exception of the decoder's goes to the caller. In a running join it makes the record a dead letter,
    /// <c>decoder-failed</c>.
    /// </remarks>
    public DecodingResult Decode(TestRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var first = DecodeOnce(record);
        if (!first.IsSameAs(DecodeOnce(record)))
            throw new FormatRuleException("the decoder gives two results for one record: it keeps something of the last one");
        return first;
    }

    DecodingResult DecodeOnce(TestRecord record)
    {
        // As in a chunk: the bytes are used again for other records once the call is over.
        byte[] key = record.Key?.ToArray() ?? [], value = record.Value?.ToArray() ?? [], headers = record.EncodedHeaders();
        _decoded.Clear();
        var isJoined = decoder.Decode(record.Consumed(key, value, headers), _decoded);
        foreach (var bytes in new[] { key, value, headers })
            Array.Fill(bytes, (byte)0xEE);
        if (isJoined)
            CheckJoined();
        else if (!_decoded.IsFiltered && _decoded.Reason.Length == 0)
            throw new FormatRuleException("the decoder returns false and calls neither Fail nor Filter");
        return new DecodingResult(record, _decoded, isJoined);
    }

    void CheckJoined()
    {
        if (_decoded.IsFiltered || _decoded.Reason.Length > 0)
            throw new FormatRuleException($"the decoder returns true after {(_decoded.IsFiltered ? "Filter" : "Fail")}");
        if (_decoded.Time is < TimeLimits.Min or > TimeLimits.Max)
            throw new FormatRuleException($"the event time {_decoded.Time} lies outside of {nameof(TimeLimits)}");
        var written = DecodingResult.ReadFields(_decoded.Fields.WrittenSpan).Count;
        if (written != 0 && written != fields)
            throw new FormatRuleException($"the decoder writes {written} fields; it was told to find {fields}: all are written, or none");
    }
}
