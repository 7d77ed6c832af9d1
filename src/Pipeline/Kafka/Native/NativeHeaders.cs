using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>The headers of a message that is to be produced. They belong to whoever made them until the producer has taken the message.</summary>
readonly unsafe struct NativeHeaders
{
    NativeHeaders(nint list) => List = list;

    /// <summary>rd_kafka_headers_t.</summary>
    internal nint List { get; }

    /// <param name="capacity">How many are expected.</param>
    internal static NativeHeaders Create(int capacity) => new(RdKafkaProducer.rd_kafka_headers_new((nuint)capacity));

    internal void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool valueIsNull = false)
    {
        byte nothing = 0; // librdkafka takes a null pointer for a null value, and an empty span may be one
        fixed (byte* n = name, v = value)
            _ = RdKafkaProducer.rd_kafka_header_add(List, n, name.Length, valueIsNull ? null : v == null ? &nothing : v, value.Length);
    }

    /// <summary>Adds headers that are in the form of <see cref="HeaderEncoding"/>.</summary>
    internal void AddAll(ReadOnlySpan<byte> encoded)
    {
        var reader = HeaderEncoding.Read(encoded);
        while (reader.MoveNext())
            Add(reader.Name, reader.Value, reader.ValueIsNull);
    }

    internal void Destroy() => RdKafkaProducer.rd_kafka_headers_destroy(List);
}
