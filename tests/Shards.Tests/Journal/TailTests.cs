using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>A key group that looks for its rows in the output topics before it writes them again.</summary>
public sealed class TailTests : TestKit
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    readonly ActorWorld _world;
    readonly FakeTail _tail = new();

    public TailTests()
        : this(new ActorWorld())
    {
    }

    TailTests(ActorWorld world)
        : base(world.Setup)
    {
        _world = world;
        _world.Tail = _tail;
    }

    [Fact]
    public async Task A_recovered_group_asks_first_and_writes_what_is_not_there_before_anything_newer()
    {
        var first = await UnconfirmedAsync();
        _tail.Produced = new OutputPositions(1, [500], [600]);
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Right, 1, 2), TestActor);
        await AwaitAssertAsync(() => Assert.Equal(first.Sequence + 1, _world.Execute("SELECT MAX(sequence_number) FROM journal")), Patience);
        Assert.False(HasMessages);
        Assert.True(_tail.Questions.TryDequeue(out var question));
        Assert.Equal((0, 10, 20), (question.Group, question.From.Rows[0], question.From.Late[0]));
        Assert.Equal([(first.Sequence, first.Incarnation)], question.Events);

        _tail.Answer(first.Sequence, 0);
        var again = await ExpectMsgAsync<OutputEvent>(Patience);
        Assert.Equal(first.Sequence, again.Sequence);
        Assert.Equal([0], again.Written);
        var next = await ExpectMsgAsync<OutputEvent>(Patience);
        Assert.Equal(first.Sequence + 1, next.Sequence);
        Assert.Null(next.Written);
    }

    [Fact]
    public async Task What_was_journaled_meanwhile_is_looked_for_from_where_the_oldest_row_can_lie()
    {
        var first = await UnconfirmedAsync();
        _tail.Produced = new OutputPositions(1, [500], [600]);
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Right, 1, 2), TestActor);
        await AwaitAssertAsync(() => Assert.Equal(first.Sequence + 1, _world.Execute("SELECT MAX(sequence_number) FROM journal")), Patience);
        await StopAsync(group);
        _tail.Questions.Clear();
        Start();
        await AwaitAssertAsync(() => Assert.Single(_tail.Questions), Patience);
        Assert.True(_tail.Questions.TryDequeue(out var question));
        Assert.Equal(10, question.From.Rows[0]);
        Assert.Equal([first.Sequence, first.Sequence + 1], question.Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_group_whose_rows_are_all_confirmed_asks_nothing()
    {
        var first = await UnconfirmedAsync(confirm: true);
        await AwaitAssertAsync(
            () => Assert.Equal(first.Sequence + 1, _world.Execute("SELECT MAX(sequence_number) FROM journal")), Patience); // the confirmation, and no more
        var group = Start();
        var status = await group.Ask<KeyGroupStatus>(new AskStatus(0), Patience);
        Assert.Equal((first.Sequence + 1, true), (status.LastConfirmed, status.IsIdle));
        Assert.Empty(_tail.Questions);
    }

    [Fact]
    public async Task Rows_that_were_journaled_without_it_are_written_again_and_not_looked_for()
    {
        _world.Tail = null;
        var first = await UnconfirmedAsync();
        _world.Tail = _tail;
        Start();
        Assert.Equal(first.Sequence, (await ExpectMsgAsync<OutputEvent>(Patience)).Sequence);
        Assert.Empty(_tail.Questions);
    }

    [Fact]
    public async Task A_tail_that_cannot_be_read_stops_the_join()
    {
        await UnconfirmedAsync();
        Start();
        _tail.Fail(new InvalidOperationException("refused"));
        await AwaitAssertAsync(() => Assert.Equal("refused", _world.Fatal[0].Message), Patience);
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task A_group_that_is_handed_over_while_it_reads_stops_at_once()
    {
        await UnconfirmedAsync();
        var group = Start();
        await AwaitAssertAsync(() => Assert.Single(_tail.Questions), Patience);
        Watch(group);
        group.Tell(StopKeyGroup.Instance);
        await ExpectTerminatedAsync(group, Patience);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _world.Dispose();
    }

    IActorRef Start() => Sys.ActorOf(_world.Props(TestActor));

    // A group that has put out a row, and is gone.
    async Task<OutputEvent> UnconfirmedAsync(bool confirm = false)
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var outputs = await ExpectMsgAsync<OutputEvent>(Patience);
        Assert.Null(outputs.Written);
        if (confirm)
        {
            group.Tell(new OutputConfirmed(outputs.Incarnation, outputs.Sequence));
            await ExpectMsgAsync<KeyGroupAck>(Patience);
            await AwaitAssertAsync(
                () => Assert.Equal(outputs.Sequence + 1, _world.Execute("SELECT MAX(sequence_number) FROM journal")), Patience);
            await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(300)); // six more intervals of the flush
        }

        await StopAsync(group);
        return outputs;
    }

    async Task StopAsync(IActorRef group)
    {
        Watch(group);
        Sys.Stop(group);
        await ExpectTerminatedAsync(group, Patience);
    }
}
