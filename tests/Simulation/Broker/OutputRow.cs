using System.Text;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Simulation.Broker;

/// <summary>A row of an output topic, or a copy in the late topic, in every byte.</summary>
sealed record OutputRow(RowKind Kind, string Value, long TimestampMs, string? Key, string Headers)
{
    /// <summary>The ids of the rows whose place it takes.</summary>
    internal IEnumerable<(string Incarnation, int Group, long Sequence, int Index)> Supersedes() =>
        Kind != RowKind.Repaired ? [] : Encoding.UTF8.GetString(
            TopicHeaders.Find(Convert.FromHexString(Headers), OutputHeaders.Supersedes)!).Split(',').Select(Id);

    static (string Incarnation, int Group, long Sequence, int Index) Id(string text)
    {
        var parts = text.Split('-');
        return (parts[0], Number(parts[1]), long.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture), Number(parts[3]));
    }

    static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
