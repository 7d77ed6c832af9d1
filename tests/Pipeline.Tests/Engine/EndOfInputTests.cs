using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Tests.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

/// <summary>A bounded run of one partition and one key group, whose journal the test is.</summary>
public sealed class EndOfInputTests : TestKit
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    static readonly PartitionId Partition = new(Side.Left, 0, 0);
    static readonly EventId Before = new(new Incarnation(1), 7), After = new(new Incarnation(2), 3);
    readonly RecordedEffects _effects = new() { Generation = 1 };
    readonly RouterInbox _inbox = new(TimeSpan.FromSeconds(1));
    readonly TaskCompletionSource _drain = new();
    readonly TestProbe _region;
    readonly Router _router;
    readonly EndOfInput _end;
    byte _format = FormatVersions.Newest;

    public EndOfInputTests()
        : base("akka.loglevel = WARNING")
    {
        _region = CreateTestProbe();
        _router = new Router(
            new RouterSettings(1, 0, new FlowSettings()) { FormatVersion = () => _format },
            _ => [new RouteSide(Side.Left, 0, new TextDecoder())],
            _effects);
        _inbox.Open(Run);
        _end = new EndOfInput(1, _inbox, new KeyGroupCalls(_region.Ref, 1, Patience), new TaskCompletionSource().Task, _drain.Task);
        _inbox.Assigned([new PartitionStart("t", 0, 1, 0, true, 0, 100, 1)]);
        Acknowledge(0, Before with { Number = 6 });
    }

    [Fact]
    public async Task A_key_group_whose_journal_was_rolled_back_ends_its_input_once_it_has_what_it_lacks()
    {
        var ended = _end.TryEndAsync(CancellationToken.None);
        ReadAll(generation: 1, Before);
        Assert.Equal([Before], ExpectEnd().BasedOn);
        _region.Reply(new KeyGroupFellBack(0, Before, [new AppliedPartition(Partition, 0)]) { Event = After with { Number = 2 } });
        await AwaitConditionAsync(() => Task.FromResult(_effects.Generation == 2), Patience);
        await _inbox.Ask(r => r.IsApplied);
        Assert.False(ended.IsCompleted);
        ReadAll(generation: 2, After);
        Assert.Equal([After], ExpectEnd().BasedOn);
        _region.Reply(new InputEnded(0));
        Assert.True(await ended.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_drain_comes_before_the_end_that_waits_for_records()
    {
        var ended = _end.TryEndAsync(CancellationToken.None);
        _drain.SetResult();
        Assert.False(await ended.WaitAsync(Patience));
    }

    [Fact]
    public void To_a_node_of_an_older_format_no_event_is_named()
    {
        _format = FormatVersions.Incarnations;
        var ended = _end.TryEndAsync(CancellationToken.None);
        ReadAll(generation: 1, Before);
        Assert.Empty(ExpectEnd().BasedOn);
        Assert.False(ended.IsCompleted);
    }

    void ReadAll(int generation, EventId by)
    {
        _inbox.Post((router, now) => router.Chunk(TextChunks.Of(0, generation, 0, ["a,1,x"], atEnd: true), now));
        _inbox.Post((router, now) => router.TimePassed(now + 1_000)); // what has lingered is sent
        Acknowledge(1, by);
    }

    void Acknowledge(long offset, EventId by) =>
        _inbox.Post((router, now) => router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(Partition, offset)]) { Event = by }, now));

    EndInput ExpectEnd()
    {
        _region.ExpectMsg<AskStatus>(Patience);
        _region.Reply(new KeyGroupStatus(0)
        {
            Sequence = 1,
            LastConfirmed = 1,
            Left = default,
            Right = default,
            LeftWatermark = 0,
            RightWatermark = 0,
            LeftHolder = "",
            RightHolder = "",
            Buffered = 0,
            StateBytes = 0,
            JournalBytes = 0,
            LeftWatermarkThatCloses = 0,
            RightWatermarkThatCloses = 0,
            IsIdle = true,
            Rows = 0,
            LateCopies = 0,
            Events = 1,
            Unconfirmed = 0,
            Applied = [],
        });
        return _region.ExpectMsg<EndInput>(Patience);
    }

    // From whatever thread: one does all that waits, in order.
    void Run()
    {
        lock (_effects)
            _inbox.Run(_router, 1_000);
    }
}
