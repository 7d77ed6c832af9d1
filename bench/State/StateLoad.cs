using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Unicode;
using AkkaJoin.Bench.Micro;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Bench.State;

/// <summary>
/// Messages to the key groups of an inner join, four lefts to a right, one record a millisecond, each up to a thirtieth of the window behind
/// the newest. Nearly every left has a key of its own; three rights of four have the key of a left in the window. Nothing is remembered of what
/// was made: a key is a function of the record's number. Values are JSON of about 105 bytes, keys 10 and ids 9.
/// </summary>
/// <param name="windowMs">The window, ms.</param>
/// <param name="groups">Key groups, which take turns.</param>
/// <param name="recordsEach">Records of a message, a multiple of 5.</param>
sealed class StateLoad(long windowMs, int groups, int recordsEach)
{
    const int LeftsOfFive = 4, HasPartnerOfFour = 3;
    readonly RecordBatchWriter _writer = new();
    readonly long[] _offsets = new long[2 * groups];
    readonly byte[] _key = new byte[16];
    readonly byte[] _id = new byte[16];
    readonly byte[] _value = new byte[256];
    long _number;

    /// <summary>Bytes of keys, ids and values so far.</summary>
    internal long PayloadBytes { get; private set; }

    /// <summary>The next message to a group: both sides, and the watermarks of all that was made.</summary>
    internal byte[] Next(int group)
    {
        var first = _number;
        _number += recordsEach;
        return [.. Batch(Side.Left, group, first), .. Batch(Side.Right, group, first)];
    }

    byte[] Batch(Side side, int group, long first)
    {
        ref var offset = ref _offsets[(2 * group) + (int)side];
        var from = offset;
        _writer.Begin(from);
        for (var n = first; n < _number; n++)
        {
            if (n % (LeftsOfFive + 1) == LeftsOfFive == (side == Side.Right))
                Add(side, n, offset++);
        }

        var watermark = MicroData.StartMs + _number - Disorder - 1;
        return _writer.End(side, 0, 0, 1, offset, watermark, 0).ToArray();
    }

    void Add(Side side, long n, long offset)
    {
        var random = Mix(n);
        var time = MicroData.StartMs + n - (long)(random % (ulong)Disorder);
        var owner = n;
        if (side == Side.Right && random % 4 < HasPartnerOfFour)
            owner = EarlierLeft(n, (long)((random >> 8) % (ulong)windowMs));
        Utf8.TryWrite(_key, $"k{owner:D9}", out var key);
        Utf8.TryWrite(_id, $"i{n:D8}", out var id);
        Utf8.TryWrite(
            _value,
            $"{{\"profile\":\"m{random % 200_000:D6}\",\"key\":\"k{owner:D9}\",\"ts\":{time},\"id\":\"i{n:D8}\",\"row\":{random % 40},\"position\":{random % 75},\"art\":\"a1\"}}",
            out var value);
        PayloadBytes += key + id + value;
        _writer.Add(MicroData.Record(offset, time, _key.AsSpan(0, key), _id.AsSpan(0, id), _value.AsSpan(0, value)));
    }

    // A left of the same group, about so many records before.
    long EarlierLeft(long n, long distance)
    {
        var rounds = distance / (recordsEach * groups);
        var left = n - (rounds * recordsEach * groups) - (LeftsOfFive + 1) + (distance % LeftsOfFive) + 1;
        return left < 0 ? n : left;
    }

    int Disorder => (int)Math.Max(1, windowMs / 30);

    static ulong Mix(long n)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, n);
        return XxHash3.HashToUInt64(bytes);
    }
}
