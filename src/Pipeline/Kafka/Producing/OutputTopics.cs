using System.Security.Cryptography;
using System.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>Where a join's outputs go.</summary>
/// <param name="Rows">The topic of the rows.</param>
/// <param name="Late">The topic of late records and id conflicts.</param>
/// <param name="Join">The join's name, for the header.</param>
/// <param name="EventTimestamp">
/// Whether outputs carry their event time as the Kafka timestamp, or the time they are written.
/// </param>
sealed record OutputTopics(string Rows, string Late, string Join, bool EventTimestamp)
{
    /// <summary>The join's name as a header's value.</summary>
    internal byte[] JoinUtf8 { get; } = Encoding.UTF8.GetBytes(Join);

    /// <summary>Which headers a row has beside its id.</summary>
    internal RowHeaders RowHeaders { get; init; } = RowHeaders.Standard;

    /// <summary>The random id of the one that writes, as a header's value; null = it is not written.</summary>
    internal byte[]? WriterUtf8 { get; private init; }

    internal static OutputTopics Create(JoinSettings join) =>
        new(join.Output.Topic, join.Output.LateTopic, join.Name, join.Output.EventTimestamp) { RowHeaders = join.Output.Headers };

    /// <summary>
    /// With a random id of this process's producer in each record. It tells the rows that a frozen node writes when it
    /// wakes.
    /// </summary>
    internal OutputTopics WithWriter() =>
        this with { WriterUtf8 = Encoding.UTF8.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))) };

    internal string Topic(RowKind kind) => kind.IsCopy() ? Late : Rows;
}
