using System.Text;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Broker;

/// <summary>The output and late topics: rows by their ids. Two rows of one id must be the same bytes.</summary>
sealed class OutputLog
{
    readonly Dictionary<(string JournalId, int Group, long Sequence, int Index), OutputRow> _rows = [];
    readonly Dictionary<(int Group, long Sequence), int> _counts = [];

    /// <summary>Rows written, doubled ones included.</summary>
    internal long Written { get; private set; }

    /// <summary>The rows, each id once.</summary>
    internal IReadOnlyDictionary<(string JournalId, int Group, long Sequence, int Index), OutputRow> Rows => _rows;

    /// <summary>How many of an event's rows are there.</summary>
    internal int Count(int group, long sequence) => _counts.GetValueOrDefault((group, sequence));

    internal void Append(string journalId, int group, long sequence, ReadOnlySpan<byte> outputs)
    {
        var reader = OutputEncoding.Read(outputs);
        while (reader.MoveNext())
        {
            Written++;
            var id = (journalId, group, sequence, reader.Index);
            var row = new OutputRow(
                reader.Kind, Encoding.UTF8.GetString(reader.Value), reader.TimestampMs, reader.KeyIsNull ? null : Encoding.UTF8.GetString(reader.Key),
                Convert.ToHexString(reader.Headers));
            if (_rows.TryAdd(id, row))
                _counts[(group, sequence)] = Count(group, sequence) + 1;
            else if (_rows[id] != row)
                throw new SimulationException($"the id {journalId}-{group}-{sequence}-{reader.Index} names {_rows[id]} and {row}");
        }
    }
}
