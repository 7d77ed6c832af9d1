using System.Globalization;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Simulation.World;
using Confluent.Kafka;

namespace AkkaJoin.Simulation.Broker;

/// <summary>The output and late topics: rows by their ids. Two rows of one id must be the same bytes.</summary>
sealed class OutputLog
{
    readonly Dictionary<(string Incarnation, int Group, long Sequence, int Index), OutputRow> _rows = [];
    readonly Dictionary<(string Incarnation, int Group, long Sequence), int> _counts = [];

    readonly SortedDictionary<(string Topic, int Partition), List<byte[]>> _logs = new()
    {
        [("late", 0)] = [],
        [("rows", 0)] = [],
        [("rows", 1)] = [],
        [("rows", 2)] = [],
    };

    internal IEnumerable<TopicPartition> Partitions => _logs.Keys.Select(k => new TopicPartition(k.Topic, k.Partition));

    /// <summary>The id of each record of a partition.</summary>
    internal List<byte[]> Ids(TopicPartition partition) => _logs[(partition.Topic, partition.Partition.Value)];

    /// <summary>Rows written, doubled ones included.</summary>
    internal long Written { get; private set; }

    /// <summary>The rows, each id once.</summary>
    internal IReadOnlyDictionary<(string Incarnation, int Group, long Sequence, int Index), OutputRow> Rows => _rows;

    /// <summary>How many of an event's rows are there.</summary>
    internal int Count(string incarnation, int group, long sequence) => _counts.GetValueOrDefault((incarnation, group, sequence));

    /// <summary>Writes the outputs of an event, but for those that are there already; returns the last offset in each partition.</summary>
    internal Dictionary<TopicPartition, long> Append(string incarnation, int group, long sequence, ReadOnlySpan<byte> outputs, IReadOnlySet<int>? written)
    {
        var last = new Dictionary<TopicPartition, long>();
        var reader = OutputEncoding.Read(outputs);
        while (reader.MoveNext())
        {
            if (written?.Contains(reader.Index) == true)
                continue;
            Written++;
            var isLate = reader.Kind is RowKind.LateRecord or RowKind.IdConflict;
            var partition = new TopicPartition(isLate ? "late" : "rows", isLate ? 0 : KeyHash.Group(KeyHash.Of(reader.Key), 3));
            last[partition] = Ids(partition).Count;
            Ids(partition).Add(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{incarnation}-{group}-{sequence}-{reader.Index}")));
            var id = (incarnation, group, sequence, reader.Index);
            var row = new OutputRow(
                reader.Kind, isLate ? NameOfLate(reader) : Encoding.UTF8.GetString(reader.Value), reader.TimestampMs, reader.KeyIsNull ? null : Encoding.UTF8.GetString(reader.Key),
                Convert.ToHexString(reader.Headers));
            if (_rows.TryAdd(id, row))
                _counts[(incarnation, group, sequence)] = Count(incarnation, group, sequence) + 1;
            else if (_rows[id] != row)
                throw new SimulationException($"the id {incarnation}-{group}-{sequence}-{reader.Index} names {_rows[id]} and {row}");
        }

        return last;
    }

    // A late record's value is its own, and its side is in a header.
    static string NameOfLate(in OutputReader late)
    {
        var headers = HeaderEncoding.Read(late.Headers);
        while (headers.MoveNext())
        {
            if (headers.Name.SequenceEqual(Encoding.UTF8.GetBytes(OutputHeaders.Side)))
                return (char)headers.Value[0] + Encoding.UTF8.GetString(late.Value)[1..];
        }

        throw new SimulationException("a late record does not say of which side it is");
    }
}
