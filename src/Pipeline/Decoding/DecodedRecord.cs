using System.Buffers;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// The result of decoding one record. One instance is reused for all records, so nothing is allocated per record.
/// </summary>
public sealed class DecodedRecord
{
    /// <summary>The key in canonical form.</summary>
    public ArrayBufferWriter<byte> Key { get; } = new(256);

    /// <summary>The <see cref="Time"/> of a filtered record without a readable one.</summary>
    public const long NoTime = long.MinValue;

    /// <summary>
    /// Whether the key, or a part of it, is null or missing: then the record never matches, and <see cref="Key"/> is
    /// not read.
    /// </summary>
    public bool KeyIsNull { get; set; }

    /// <summary>The event time, ms since the epoch, within <see cref="Shards.TimeLimits"/>.</summary>
    public long Time { get; set; }

    /// <summary>The id, where <see cref="HasId"/>.</summary>
    public ArrayBufferWriter<byte> Id { get; } = new(64);

    /// <summary>Whether the record has an id.</summary>
    public bool HasId { get; set; }

    /// <summary>The typed fields, in the form of <see cref="Shards.Conditions.TypedFields"/>.</summary>
    public ArrayBufferWriter<byte> Fields { get; } = new(64);

    /// <summary>
    /// Whether <see cref="Fields"/> must be in format 1: then numbers that are not whole are doubles, and objects are
    /// missing. <see cref="Clear"/> keeps it.
    /// </summary>
    internal bool WritesFormat1 { get; set; }

    /// <summary>
    /// Counts the fields that the side's filter reads; null = there is no filter. <see cref="Clear"/> keeps it.
    /// </summary>
    internal FieldTally? FilterFields { get; set; }

    /// <summary>Whether a field that a condition reads is missing.</summary>
    internal bool LacksField { get; set; }

    /// <summary>
    /// Whether <see cref="Settings.SourceSettings.Filter"/>, or a rule of the decoder, leaves the record out. It is no
    /// dead letter.
    /// </summary>
    public bool IsFiltered { get; private set; }

    /// <summary>
    /// Why the record is a dead letter: a word such as "malformed-json" (see <see cref="DeadLetterReasons"/>).
    /// </summary>
    public string Reason { get; private set; } = "";

    /// <summary>What is wrong, in a sentence.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Makes the record a dead letter.</summary>
    /// <param name="reason">
    /// A word in lower case, such as those of <see cref="DeadLetterReasons"/>. It stands in a header.
    /// </param>
    /// <param name="detail">What is wrong, in a sentence for whoever reads the dead letter.</param>
    /// <returns>False, so that a decoder can return it.</returns>
    public bool Fail(string reason, string detail)
    {
        Reason = reason;
        Detail = detail;
        return false;
    }

    /// <summary>
    /// Leaves the record out: it is read and counted and moves its partition's watermark, but is not joined.
    /// </summary>
    /// <param name="time">Its event time, ms since the epoch, or <see cref="NoTime"/>.</param>
    /// <returns>False, so that a decoder can return it.</returns>
    public bool Filter(long time)
    {
        IsFiltered = true;
        Time = time;
        return false;
    }

    /// <summary>Keeps only the first of the typed fields. Those behind them were for the filter.</summary>
    internal void KeepFields(int count)
    {
        var length = TypedFields.LengthOf(Fields.WrittenSpan, count);
        if (length == Fields.WrittenCount)
            return;

        // The bytes stay where they are.
        Fields.ResetWrittenCount();
        Fields.Advance(length);
    }

    /// <summary>Clears the last record.</summary>
    public void Clear()
    {
        Key.ResetWrittenCount();
        Id.ResetWrittenCount();
        Fields.ResetWrittenCount();
        KeyIsNull = false;
        HasId = false;
        IsFiltered = false;
        LacksField = false;
        Time = 0;
        Reason = "";
        Detail = "";
    }
}
