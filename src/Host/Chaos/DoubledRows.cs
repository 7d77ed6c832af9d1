using System.IO.Hashing;
using System.Text;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Rows that are in the output topic twice under one id, told apart by who wrote them: a node that was frozen sends
/// what its producer held when it wakes, after others have written the same rows. No reader of the tail can know of it;
/// the header akkajoin-writer names it afterwards.
/// </summary>
sealed class DoubledRows(IReadOnlyList<Freeze> freezes)
{
    // What was on its way when a process was frozen still arrives, ms.
    const int OnItsWayMs = 500;

    readonly Dictionary<UInt128, RowCopy> _first = [];
    readonly List<(RowCopy First, RowCopy Again)> _twice = [];

    // Per freeze, the writers that had written before it, and those that wrote in it.
    readonly HashSet<string>[] _before = [.. freezes.Select(_ => new HashSet<string>())];
    readonly HashSet<string>[] _during = [.. freezes.Select(_ => new HashSet<string>())];

    /// <summary>Copies beyond the first of each row.</summary>
    internal long All => _twice.Count;

    /// <summary>Those of them that a frozen node wrote when it woke.</summary>
    internal long OfWoken => _twice.Count(copies => IsOfWoken(copies.First) || IsOfWoken(copies.Again));

    /// <summary>Reads the topic.</summary>
    internal static DoubledRows Read(KafkaSettings kafka, string topic, IReadOnlyList<Freeze> freezes)
    {
        var doubled = new DoubledRows(freezes);
        using var reader = new TopicReader(kafka, 30_000);
        foreach (var row in reader.Read(topic, reader.Ends(topic), CancellationToken.None))
        {
            if (row.Message.Headers is { } headers && headers.TryGetLastBytes(OutputHeaders.Id, out var id))
                doubled.Add(id, new RowCopy(Writer(headers), row.Message.Timestamp.UnixTimestampMs));
        }

        return doubled;
    }

    /// <summary>A row, in the order of its partition.</summary>
    internal void Add(byte[] id, RowCopy copy)
    {
        for (var i = 0; i < freezes.Count; i++)
        {
            if (copy.AtMs <= freezes[i].AtMs)
                _before[i].Add(copy.Writer);
            else if (copy.AtMs > freezes[i].AtMs + OnItsWayMs && copy.AtMs < freezes[i].WokenMs)
                _during[i].Add(copy.Writer);
        }

        var key = XxHash128.HashToUInt128(id);
        if (!_first.TryAdd(key, copy))
            _twice.Add((_first[key], copy));
    }

    static string Writer(Headers headers) =>
        headers.TryGetLastBytes(OutputHeaders.Writer, out var writer) ? Encoding.UTF8.GetString(writer) : "";

    // The frozen process is the one whose producer wrote before, was silent all the time, and wrote this after.
    bool IsOfWoken(RowCopy copy)
    {
        for (var i = 0; i < freezes.Count; i++)
        {
            if (copy.Writer.Length > 0 && copy.AtMs >= freezes[i].WokenMs && _before[i].Contains(copy.Writer)
                && !_during[i].Contains(copy.Writer))
                return true;
        }

        return false;
    }
}

/// <summary>One copy of a row in the output topic.</summary>
/// <param name="Writer">The id of the producer that wrote it, or nothing where the rows do not say.</param>
/// <param name="AtMs">When it was appended, ms since the epoch.</param>
readonly record struct RowCopy(string Writer, long AtMs);
