using System.Text;
using AkkaJoin.Shards.Batches;
using Confluent.Kafka;

namespace AkkaJoin.Host.Judging;

/// <summary>Brings a consumer's headers into the form of <see cref="HeaderEncoding"/>, in one buffer that is used again.</summary>
sealed class HeaderBytes
{
    byte[] _buffer = new byte[1024];

    /// <returns>Valid until the next call; empty where there are none.</returns>
    internal ReadOnlySpan<byte> Of(Headers? headers)
    {
        if (headers is null || headers.Count == 0)
            return default;
        var needed = 10 + headers.Sum(h => HeaderEncoding.SizeMax(Encoding.UTF8.GetMaxByteCount(h.Key.Length), h.GetValueBytes()?.Length ?? 0));
        if (_buffer.Length < needed)
            _buffer = new byte[needed * 2];
        var p = HeaderEncoding.WriteCount(_buffer, headers.Count);
        foreach (var header in headers)
        {
            var value = header.GetValueBytes();
            p += HeaderEncoding.Append(_buffer.AsSpan(p), Encoding.UTF8.GetBytes(header.Key), value, value is null);
        }

        return _buffer.AsSpan(0, p);
    }
}
