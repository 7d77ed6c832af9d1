using System.Text;
using Akka;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Sources;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Batches;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Sources;

/// <summary>
/// The stage that reads an application's sources: from where it is told to, again, and no faster than it may.
/// </summary>
public sealed class RecordSourceStageTests : KafkaTest
{
    const string Topic = "t";
    readonly Listener _listener = new();

    public RecordSourceStageTests(ITestOutputHelper output)
        : base(output)
    {
    }

    [Fact]
    public void Nothing_is_read_before_the_engine_says_from_where()
    {
        var (_, chunks, source) = Run(Records(0, 10));
        chunks.Request(1);
        chunks.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Assert.Empty(source.Reads);
        var start = _listener.Starts[0];
        Assert.Equal((Topic, 0, 0L, 2), (start.Topic, start.Partition, start.Origin, start.PartitionCount));
    }

    [Fact]
    public void A_partition_is_read_from_an_offset_on_and_its_end_is_told()
    {
        var (control, chunks, _) = Run(Records(0, 10));
        control.StartReading(Topic, 0, Generation(0), 4);
        var chunk = chunks.RequestNext();
        Assert.Equal((0, Generation(0), 4L, 10L, 6), (chunk.Partition, chunk.Generation, chunk.From, chunk.To, chunk.Count));
        Assert.Equal((4L, "k4", "v4", "h=4"), Describe(chunk, 0));
        var end = chunks.RequestNext();
        Assert.Equal((true, 10L, 10L, 0), (end.AtEnd, end.From, end.To, end.Count));
    }

    [Fact]
    public void Records_below_the_offset_and_those_that_come_twice_are_passed_over()
    {
        var (control, chunks, _) = Run([.. Records(0, 3), .. Records(1, 5)], isSeeking: false);
        control.StartReading(Topic, 0, Generation(0), 2);
        var chunk = chunks.RequestNext();
        Assert.Equal([2L, 3, 4], chunk.Records[..chunk.Count].Select(record => record.Offset));
    }

    [Fact]
    public void A_partition_with_too_many_bytes_in_flight_is_not_read_on_before_half_of_them_are_done()
    {
        var (control, chunks, source) = Run(Records(0, 1_000), inFlightBytesMax: 500);
        control.StartReading(Topic, 0, Generation(0), 0);
        var first = chunks.RequestNext();
        chunks.Request(1);
        chunks.ExpectNoMsg(TimeSpan.FromMilliseconds(150));
        Assert.InRange(first.Count, 5, 100);
        Assert.True(source.Taken < 200, "the source is asked for little more than is in flight");
        control.ReduceInFlight(Topic, 0, Generation(0), first.InFlightBytes / 4);
        chunks.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        control.ReduceInFlight(Topic, 0, Generation(0), first.InFlightBytes);
        Assert.Equal(first.To, chunks.ExpectNext().From);
    }

    [Fact]
    public void A_partition_that_is_read_again_gives_a_new_generation_and_the_old_one_is_dropped()
    {
        var (control, chunks, source) = Run(Records(0, 10));
        control.StartReading(Topic, 0, Generation(0), 0);
        chunks.RequestNext();
        var next = control.Rewind(Topic, 0, Generation(0), 3);
        Assert.NotEqual(Generation(0), next);
        Assert.Equal(-1, control.Rewind(Topic, 0, Generation(0), 3));
        control.StartReading(Topic, 0, Generation(0), 9); // of a generation that is gone
        RecordChunk chunk;
        do
            chunk = chunks.RequestNext();
        while (chunk.Generation != next);
        Assert.Equal((3L, 10L, 7), (chunk.From, chunk.To, chunk.Count));
        Assert.Equal([0L, 3], source.Reads);
    }

    [Fact]
    public async Task A_stop_completes_the_stream_and_a_shutdown_the_stage()
    {
        var (control, chunks, _) = Run(Records(0, 10));
        control.StartReading(Topic, 0, Generation(0), 0);
        chunks.RequestNext();
        var stopped = control.Stop();
        chunks.Request(10);
        chunks.ExpectComplete();
        await stopped.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(control.IsShutdown.IsCompleted);
        control.Commit(new PartitionOffset(Topic, 0, Generation(0), 7));
        Assert.Equal(7, control.LastCommitted(Topic, 0));
        await control.Shutdown().WaitAsync(TimeSpan.FromSeconds(10));
    }

    int Generation(int partition) => _listener.Starts.First(start => start.Partition == partition).Generation;

    (IChunkControl Control, TestSubscriber.Probe<RecordChunk> Chunks, ListSource Source) Run(
        IReadOnlyList<OffsetRecord> records, bool isSeeking = true, long inFlightBytesMax = 1_000_000)
    {
        var source = new ListSource(records, isSeeking);
        var stage = new RecordSourceStage(new ApplicationInputs([source]), inFlightBytesMax, _listener);
        var (control, chunks) = Source.FromGraph(stage).ToMaterialized(this.SinkProbe<RecordChunk>(), Keep.Both).Run(Materializer);
        chunks.EnsureSubscription();
        AwaitCondition(() => _listener.Starts.Count > 0, TimeSpan.FromSeconds(10));
        return (control, chunks, source);
    }

    static List<OffsetRecord> Records(int from, int to) =>
    [
        .. Enumerable.Range(from, to - from).Select(n => new OffsetRecord(n, Encoding.UTF8.GetBytes($"v{n}"))
        {
            Key = Encoding.UTF8.GetBytes($"k{n}"),
            Headers = [new("h", Encoding.UTF8.GetBytes($"{n}"))],
        }),
    ];

    static (long Offset, string Key, string Value, string Header) Describe(RecordChunk chunk, int index)
    {
        var record = chunk.Records[index];
        var headers = HeaderEncoding.Read(chunk.Buffer.AsSpan(record.HeadersStart, record.HeadersLength));
        Assert.True(headers.MoveNext());
        var header = $"{Encoding.UTF8.GetString(headers.Name)}={Encoding.UTF8.GetString(headers.Value)}";
        return (record.Offset, Text(record.KeyStart, record.KeyLength), Text(record.ValueStart, record.ValueLength), header);

        string Text(int start, int length) => Encoding.UTF8.GetString(chunk.Buffer, start, length);
    }

    sealed class ListSource(IReadOnlyList<OffsetRecord> records, bool isSeeking) : IRecordSource
    {
        int _taken;

        public string Topic => RecordSourceStageTests.Topic;

        public int Partitions => 2;

        internal List<long> Reads { get; } = [];

        internal int Taken => Volatile.Read(ref _taken);

        public Source<OffsetRecord, NotUsed> Read(int partition, long offset)
        {
            lock (Reads)
                Reads.Add(offset);
            return Source.From(records.Where(record => !isSeeking || record.Offset >= offset)).Select(record =>
            {
                Interlocked.Increment(ref _taken);
                return record;
            });
        }
    }

    sealed class Listener : IAssignmentListener
    {
        volatile IReadOnlyList<PartitionStart> _starts = [];

        internal IReadOnlyList<PartitionStart> Starts => _starts;

        public void Assigned(IReadOnlyList<PartitionStart> starts) => _starts = starts;

        public void Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit)
        {
        }

        public void Lost(IReadOnlyList<TopicPartitionGeneration> partitions)
        {
        }
    }
}
