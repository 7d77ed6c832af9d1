using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>Key, time and id where they come from the record itself, not from its value.</summary>
static class RecordParts
{
    internal static void Key(in ConsumedRecord record, DecodedRecord decoded)
    {
        decoded.KeyIsNull = record.KeyIsNull;
        decoded.Key.Write(record.Key);
    }

    /// <returns>False where the record has no timestamp.</returns>
    internal static bool Time(in ConsumedRecord record, DecodedRecord decoded)
    {
        decoded.Time = record.TimestampMs;
        return record.TimestampMs >= 0
            || decoded.Fail(DeadLetterReasons.MissingTime, "the record has no timestamp");
    }

    /// <summary>The id in the last header of this name; none where it is null.</summary>
    internal static void Id(in ConsumedRecord record, ReadOnlySpan<byte> header, DecodedRecord decoded)
    {
        var headers = HeaderEncoding.Read(record.Headers);
        ReadOnlySpan<byte> id = default;
        while (headers.MoveNext())
        {
            if (!headers.Name.SequenceEqual(header))
                continue;
            decoded.HasId = !headers.ValueIsNull;
            id = headers.Value;
        }

        if (decoded.HasId)
            decoded.Id.Write(id);
    }

    internal static byte[]? HeaderName(string? name) => name is null ? null : Encoding.UTF8.GetBytes(name);
}
