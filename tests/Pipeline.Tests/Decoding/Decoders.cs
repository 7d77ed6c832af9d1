using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Pipeline.Tests.Decoding;

/// <summary>Short forms for tests of decoders.</summary>
static class Decoders
{
    internal static SourceSettings Source(string? time = "ts", string? id = null, params string[] key) =>
        new() { Topic = "t", KeyPaths = key, TimePath = time, IdPath = id };

    internal static DecodedRecord Decode(SourceSettings source, string? value, params string[] fields) =>
        Decode(source, value is null ? null : Encoding.UTF8.GetBytes(value), fields);

    internal static DecodedRecord Decode(SourceSettings source, byte[]? value, params string[] fields)
    {
        var decoded = new DecodedRecord();
        var record = new ConsumedRecord { Key = "rk"u8, Value = value, ValueIsNull = value is null, TimestampMs = 7 };
        DecoderFactory.Create(source, fields).Decode(record, decoded);
        return decoded;
    }

    internal static string KeyText(this DecodedRecord decoded) => Encoding.UTF8.GetString(decoded.Key.WrittenSpan);

    internal static string IdText(this DecodedRecord decoded) => Encoding.UTF8.GetString(decoded.Id.WrittenSpan);

    internal static byte[] Headers(params (string Name, string? Value)[] headers)
    {
        var bytes = new byte[1024];
        var p = HeaderEncoding.WriteCount(bytes, headers.Length);
        foreach (var (name, value) in headers)
            p += HeaderEncoding.Append(bytes.AsSpan(p), Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value ?? ""), value is null);
        return bytes[..p];
    }
}
