using System.Buffers;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>What a decoder found. One instance is used again and again, so nothing is allocated per record.</summary>
public sealed class DecodedRecord
{
    /// <summary>The key in canonical form.</summary>
    public ArrayBufferWriter<byte> Key { get; } = new(256);

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

    /// <summary>Forgets the last record.</summary>
    public void Clear()
    {
        Key.ResetWrittenCount();
        Id.ResetWrittenCount();
        Fields.ResetWrittenCount();
        KeyIsNull = false;
        HasId = false;
        Time = 0;
        Reason = "";
        Detail = "";
    }
}
