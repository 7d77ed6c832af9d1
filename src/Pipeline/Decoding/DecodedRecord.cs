using System.Buffers;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>What a decoder found. One instance is used again and again, so nothing is allocated per record.</summary>
public sealed class DecodedRecord
{
    /// <summary>The key in canonical form.</summary>
    public ArrayBufferWriter<byte> Key { get; } = new(256);

    /// <summary>The <see cref="Time"/> of a filtered record that has none that can be read.</summary>
    public const long NoTime = long.MinValue;

    /// <summary>Whether the key, or a part of it, is null or missing.</summary>
    public bool KeyIsNull { get; set; }

    /// <summary>The event time, ms since the epoch, within <see cref="Shards.Definition.TimeLimits"/>.</summary>
    public long Time { get; set; }

    /// <summary>The id, where <see cref="HasId"/>.</summary>
    public ArrayBufferWriter<byte> Id { get; } = new(64);

    /// <summary>Whether the record has an id.</summary>
    public bool HasId { get; set; }

    /// <summary>The typed fields, in the form of <see cref="Shards.Conditions.TypedFields"/>.</summary>
    public ArrayBufferWriter<byte> Fields { get; } = new(64);

    /// <summary>
    /// Whether <see cref="Fields"/> must be what format 1 knows: then numbers that are not whole are doubles, and objects are missing. Not
    /// forgotten with the record.
    /// </summary>
    internal bool WritesFormat1 { get; set; }

    /// <summary>Counts the fields that the side's filter reads; null = there is none. Not forgotten with the record.</summary>
    internal FieldTally? FilterFields { get; set; }

    /// <summary>Whether a field that a condition reads is missing.</summary>
    internal bool LacksField { get; set; }

    /// <summary>Whether the record is left out by <see cref="Settings.SourceSettings.Filter"/>, or by a decoder's own rule: it is no dead letter.</summary>
    public bool IsFiltered { get; private set; }

    /// <summary>Why the record is a dead letter: a word such as "malformed-json" (see <see cref="DeadLetterReasons"/>).</summary>
    public string Reason { get; private set; } = "";

    /// <summary>What is wrong, in a sentence.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Says that the record is a dead letter.</summary>
    /// <returns>False, so that a decoder can return it.</returns>
    public bool Fail(string reason, string detail)
    {
        Reason = reason;
        Detail = detail;
        return false;
    }

    /// <summary>Says that the record is left out: it is read and counted, moves its partition's watermark, and is not joined.</summary>
    /// <param name="time">Its event time, or <see cref="NoTime"/>.</param>
    /// <returns>False, so that a decoder can return it.</returns>
    public bool Filter(long time)
    {
        IsFiltered = true;
        Time = time;
        return false;
    }

    /// <summary>Keeps the first of the typed fields alone: those behind them were for the filter.</summary>
    internal void KeepFields(int count)
    {
        var length = TypedFields.LengthOf(Fields.WrittenSpan, count);
        if (length == Fields.WrittenCount)
            return;

        // What is written stays where it is.
        Fields.ResetWrittenCount();
        Fields.Advance(length);
    }

    /// <summary>Forgets the last record.</summary>
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
