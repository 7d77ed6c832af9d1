using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Consuming;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class ChunkHandoverTests
{
    [Fact]
    public void Records_without_a_byte_count_as_bytes_in_flight_too()
    {
        var handover = new ChunkHandover(partitionInFlightBytesMax: 100_000, chunksMax: 1_000);
        var partition = new ConsumedPartition("t", 0, handover.NextGeneration(), long.MaxValue, 65_536);
        handover.Register(partition);
        var offered = 0;
        while (offered < 100 && handover.Offer(partition, Empty(partition, offered * 1_000L)) == OfferResult.Added)
            offered++;
        Assert.InRange(offered, 1, 50);
    }

    static RecordChunk Empty(ConsumedPartition partition, long from) => new()
    {
        Topic = partition.Topic,
        Partition = partition.Partition,
        Generation = partition.Generation,
        From = from,
        To = from + 1_000,
        AtEnd = false,
        Buffer = [],
        Records = new ChunkRecord[1_000],
        Count = 1_000,
        Length = 0,
    };
}
