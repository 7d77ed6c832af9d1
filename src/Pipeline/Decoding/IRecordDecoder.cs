namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Finds key, event time, id and typed fields in a record. Used by one thread at a time; keeps nothing of its input. A
/// class of one's own is named by <c>format = "Namespace.Type, Assembly"</c> and needs a constructor that takes
/// (<see cref="Settings.SourceSettings"/> source, IReadOnlyList&lt;string&gt; fields): the input, and the paths of the
/// fields that conditions read. It writes all of these to <see cref="DecodedRecord.Fields"/> in this order, or none of
/// them. An exception that it throws makes the record a dead letter.
/// </summary>
public interface IRecordDecoder
{
    /// <summary>
    /// Decodes <paramref name="record"/> into <paramref name="decoded"/>, which was cleared before.
    /// </summary>
    /// <returns>
    /// False where the record is not joined: <see cref="DecodedRecord.Fail"/> has made it a dead letter, or
    /// <see cref="DecodedRecord.Filter"/> has left it out.
    /// </returns>
    bool Decode(in ConsumedRecord record, DecodedRecord decoded);
}
