using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// Hashes rows, key and value, to 64 bits. Two rows with one hash deceive only where one of them is missing and the
/// other is extra.
/// </summary>
sealed class RowHash(IRowWriter writer)
{
    readonly XxHash3 _hash = new();

    /// <summary>The value written last.</summary>
    internal ArrayBufferWriter<byte> Value { get; } = new(4096);

    internal long Of(in JoinRow row)
    {
        Value.ResetWrittenCount();
        writer.Write(row, Value);
        return Of(row.Key, row.KeyIsNull, Value.WrittenSpan, false);
    }

    internal long Of(ReadOnlySpan<byte> key, bool keyIsNull, ReadOnlySpan<byte> value, bool valueIsNull)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, keyIsNull ? -1 : key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], valueIsNull ? -1 : value.Length);
        _hash.Reset();
        _hash.Append(head);
        _hash.Append(key);
        _hash.Append(value);
        return (long)_hash.GetCurrentHashAsUInt64();
    }

    /// <summary>A hash of a record's value and typed fields: copies of an id have one.</summary>
    internal long OfContent(in NewRecord record)
    {
        _hash.Reset();
        _hash.Append(record.ValueIsNull ? "0"u8 : "1"u8);
        _hash.Append(record.Value);
        _hash.Append(record.Fields);
        return (long)_hash.GetCurrentHashAsUInt64();
    }
}
