using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>How the stage around the router ends. What the router does is in its own tests.</summary>
public sealed class RouterStageTests : TestKit, INodePeers, IEngineEffects, IChunkControl
{
    const int DrainTimeoutMs = 400;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    readonly RouterInbox _inbox = new(TimeSpan.FromSeconds(1));

    public RouterStageTests()
        : base("akka.loglevel = WARNING") => _inbox.Control.SetResult(this);

    bool INodePeers.AreSeveral => false;

    IReadOnlyCollection<string> INodePeers.Others => [];

    Task IChunkControl.IsShutdown => Task.CompletedTask;

    // A partition whose key group does not answer is not applied: the drain has to wait for it.
    [Fact]
    public async Task It_drains_after_its_source_has_ended()
    {
        _inbox.Assigned([new PartitionStart("t", 0, 1, 0, true, 0, 100, 1)]);
        var (source, done) = Run();
        source.SendComplete();

        // A stage that had ended would not run it.
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _inbox.Post((_, _) => runs.TrySetResult());
        await runs.Task.WaitAsync(Patience);
        Assert.False(done.IsCompleted);
        Assert.Same(Done.Instance, await done.WaitAsync(Patience));
    }

    [Fact]
    public async Task It_ends_at_once_where_nothing_is_left_to_drain()
    {
        var (source, done) = Run();
        source.SendComplete();
        Assert.Same(Done.Instance, await done.WaitAsync(TimeSpan.FromMilliseconds(DrainTimeoutMs * 20)));
    }

    [Fact]
    public async Task It_asks_for_the_next_chunk_before_there_is_any()
    {
        var (source, _) = Run();
        await source.ExpectRequestAsync();
    }

    [Fact]
    public async Task It_fails_with_its_source()
    {
        var (source, done) = Run();
        source.SendError(new InvalidOperationException("the source's own"));
        Assert.Equal("the source's own", (await Assert.ThrowsAsync<InvalidOperationException>(() => done.WaitAsync(Patience))).Message);
    }

    [Fact]
    public async Task What_the_router_throws_is_the_reason_of_the_end_and_its_source_is_cancelled()
    {
        var (source, done) = Run();
        _inbox.Post((_, _) => throw new InvalidOperationException("the router's own"));
        Assert.Equal("the router's own", (await Assert.ThrowsAsync<InvalidOperationException>(() => done.WaitAsync(Patience))).Message);
        await source.ExpectCancellationAsync();
    }

    // The ledger of a run is made of it.
    [Fact]
    public async Task Whoever_hears_of_its_end_finds_the_router_s_last_status()
    {
        for (var i = 0; i < 300; i++)
        {
            var inbox = new RouterInbox(TimeSpan.FromSeconds(1));
            inbox.Control.SetResult(this);
            var (source, done) = Run(inbox);
            source.SendComplete();
            await done.WaitAsync(Patience);
            Assert.True(inbox.Last is not null, $"run {i}: the end was told before the last status was there");
        }
    }

    (TestPublisher.Probe<RecordChunk> Source, Task<Done> Done) Run(RouterInbox? inbox = null)
    {
        var settings = new RouterSettings(1, 0, new FlowSettings { DrainTimeoutMs = DrainTimeoutMs });
        RouteSide[] sides = [new RouteSide(Side.Left, 0, new TextDecoder())];
        var stage = new RouterStage(settings, _ => sides, inbox ?? _inbox, TestActor, this, new JoinClock(), this);
        return this.SourceProbe<RecordChunk>().ToMaterialized(Sink.FromGraph(stage), Keep.Both).Run(Sys.Materializer());
    }

    void INodePeers.Tell(NodeTicks ticks, IActorRef sender)
    {
    }

    void INodePeers.TellOthers(NodeWatermark watermark, IActorRef sender)
    {
    }

    void INodePeers.Register(IActorRef router)
    {
    }

    void IEngineEffects.WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters)
    {
    }

    void IEngineEffects.AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs)
    {
    }

    void IEngineEffects.JournalIsBehind(string topic, int partition, long committed, long applied)
    {
    }

    void IEngineEffects.JournalIsAhead(int partitions, long offsets, PartitionStart example, long applied)
    {
    }

    Task IChunkControl.Stop() => Task.CompletedTask;

    Task IChunkControl.Shutdown() => Task.CompletedTask;

    void IChunkControl.StartReading(string topic, int partition, int generation, long offset)
    {
    }

    int IChunkControl.Rewind(string topic, int partition, int generation, long offset) => -1;

    void IChunkControl.ReduceInFlight(string topic, int partition, int generation, long bytes)
    {
    }

    void IChunkControl.Commit(PartitionOffset offset)
    {
    }

    void IChunkControl.RefuseCommits()
    {
    }

    long IChunkControl.LastCommitted(string topic, int partition) => -1;
}
