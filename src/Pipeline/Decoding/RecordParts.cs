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

    /// <summary>The value of the last header of this name; false where there is none, or it is null.</summary>
    internal static bool TryHeader(in ConsumedRecord record, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var headers = HeaderEncoding.Read(record.Headers);
        var found = false;
        value = default;
        while (headers.MoveNext())
        {
            if (!headers.Name.SequenceEqual(name))
                continue;
            found = !headers.ValueIsNull;
            value = headers.Value;
        }

        return found;
    }

    /// <summary>The id in the last header of this name; none where it is null.</summary>
    internal static void Id(in ConsumedRecord record, ReadOnlySpan<byte> header, DecodedRecord decoded)
    {
        if (!TryHeader(record, header, out var id))
            return;
        decoded.HasId = true;
        decoded.Id.Write(id);
    }

    internal static byte[]? HeaderName(string? name) => name is null ? null : Encoding.UTF8.GetBytes(name);
}
