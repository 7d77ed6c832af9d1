using Akka;
using Akka.Streams.Dsl;

namespace AkkaJoin.Pipeline.Sources;

/// <summary>
/// An input of joins besides Kafka: partitions, each of which can be read from any offset on, again and again. It is
/// registered with the services of an application that calls <c>AddAkkaJoin</c>, and read where a join says
/// <c>left.from = source</c> or <c>right.from = source</c>.
/// <para>
/// A join stays exact over a restart since it reads each partition again from the lowest offset that a key group has
/// not applied. So the record at an offset is the same for ever, and the source keeps it until the join has applied it.
/// </para>
/// </summary>
public interface IRecordSource
{
    /// <summary>
    /// The name, as <c>left.topic</c> or <c>right.topic</c> has it. It is part of the join's definition.
    /// </summary>
    string Topic { get; }

    /// <summary>
    /// How many partitions there are, 1 or more; they are numbered from 0. The number may grow between runs.
    /// </summary>
    int Partitions { get; }

    /// <summary>
    /// The records of a partition from an offset on, in the order of their offsets, which rise; some may be missing.
    /// Records below <paramref name="offset"/> are passed over. What is slow here is waited for; a stream that fails
    /// ends the join, and one that completes has no more records.
    /// </summary>
    /// <param name="partition">The partition, from 0.</param>
    /// <param name="offset">The first offset wanted, 0 or more; there may be no record at it.</param>
    Source<OffsetRecord, NotUsed> Read(int partition, long offset);
}

/// <summary>A record of an <see cref="IRecordSource"/>.</summary>
/// <param name="Offset">Its offset in the partition, 0 or more.</param>
/// <param name="Value">The value; null = none.</param>
public sealed record OffsetRecord(long Offset, ReadOnlyMemory<byte>? Value)
{
    /// <summary>The key; null = none.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>When it was written; null = not known.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The headers; a value may be null.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>?>> Headers { get; init; } = [];
}
