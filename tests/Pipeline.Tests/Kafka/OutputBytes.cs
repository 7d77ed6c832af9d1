using System.Buffers.Binary;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>Writes outputs as <see cref="OutputEncoding"/> describes them.</summary>
sealed class OutputBytes
{
    readonly List<byte> _bytes = [];

    internal OutputBytes Add(RowKind kind, long timestampMs, byte[]? key, byte[]? value, byte[]? headers = null)
    {
        Span<byte> scratch = stackalloc byte[Varint.LengthMax];
        _bytes.Add((byte)kind);
        BinaryPrimitives.WriteInt64LittleEndian(scratch, timestampMs);
        _bytes.AddRange(scratch[..8]);
        AddNullable(key);
        AddNullable(value);
        _bytes.AddRange(scratch[..Varint.Write(scratch, (ulong)(headers?.Length ?? 0))]);
        _bytes.AddRange(headers ?? []);
        return this;
    }

    internal byte[] ToArray() => [.. _bytes];

    void AddNullable(byte[]? bytes)
    {
        Span<byte> scratch = stackalloc byte[Varint.LengthMax];
        _bytes.AddRange(scratch[..Varint.Write(scratch, bytes is null ? 0 : (ulong)bytes.Length + 1)]);
        _bytes.AddRange(bytes ?? []);
    }
}
