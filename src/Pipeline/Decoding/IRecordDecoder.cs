namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Finds key, event time, id and typed fields in a record. Used by one thread at a time; keeps nothing of its input. A class of
/// one's own is named by <c>format = "Namespace.Type, Assembly"</c> and needs a constructor that takes
/// (<see cref="Settings.SourceSettings"/> source, IReadOnlyList&lt;string&gt; fields).
/// </summary>
public interface IRecordDecoder
{
    /// <summary>
    /// Decodes <paramref name="record"/> into <paramref name="decoded"/>, which was cleared before.
    /// </summary>
    /// <returns>
    /// False where the record is not joined: <see cref="DecodedRecord.Fail"/> says why it is a dead letter, or <see cref="DecodedRecord.Filter"/>
    /// that it is left out.
    /// </returns>
    bool Decode(in ConsumedRecord record, DecodedRecord decoded);
}
