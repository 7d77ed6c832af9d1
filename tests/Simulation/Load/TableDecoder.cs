using System.Buffers;
using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Tests.Oracle;

namespace AkkaJoin.Simulation.Load;

/// <summary>
/// A record's value is its name but for the letter of its side; what else it says is looked up. One that begins with "out:" and a time is
/// filtered; one that begins with "far:" is a record of that time; a name that is not there is a dead letter.
/// </summary>
sealed class TableDecoder(char side, Dictionary<string, TestRecord> records) : IRecordDecoder
{
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        var value = Encoding.UTF8.GetString(record.Value);
        if (value.StartsWith(LogEntry.FilteredPrefix, StringComparison.Ordinal))
            return decoded.Filter(long.Parse(value[LogEntry.FilteredPrefix.Length..], CultureInfo.InvariantCulture));
        if (value.StartsWith(LogEntry.RefusedPrefix, StringComparison.Ordinal))
        {
            decoded.Time = long.Parse(value[LogEntry.RefusedPrefix.Length..], CultureInfo.InvariantCulture);
            decoded.Key.Write("k0"u8);
            return true;
        }

        if (!records.TryGetValue(side + value[1..], out var known))
            return decoded.Fail("poison", "no such record");
        decoded.Time = known.Time;
        decoded.KeyIsNull = known.Key is null;
        if (known.Key is not null)
            decoded.Key.Write(Encoding.UTF8.GetBytes(known.Key));
        decoded.HasId = known.Id is not null;
        if (known.Id is not null)
            decoded.Id.Write(Encoding.UTF8.GetBytes(known.Id));
        if (known.X is { } x)
            TypedFields.WriteInt64(decoded.Fields, x);
        else
            TypedFields.WriteMissing(decoded.Fields);
        return true;
    }
}
