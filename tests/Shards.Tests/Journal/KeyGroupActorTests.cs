using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Sqlite;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

public sealed class KeyGroupActorTests : TestKit
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    readonly ActorWorld _world;

    public KeyGroupActorTests()
        : this(new ActorWorld())
    {
    }

    KeyGroupActorTests(ActorWorld world)
        : base(world.Setup) => _world = world;

    [Fact]
    public async Task A_batch_is_acknowledged_only_when_the_broker_has_its_rows()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        Assert.Equal(1, (await ExpectMsgAsync<KeyGroupAck>(Patience)).Items[0].Offset);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var outputs = await ExpectMsgAsync<OutputEvent>(Patience);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
        group.Tell(new OutputConfirmed(outputs.Incarnation, outputs.Sequence));
        Assert.Equal(Side.Right, (await ExpectMsgAsync<KeyGroupAck>(Patience)).Items[0].Partition.Side);
    }

    [Fact]
    public async Task A_restarted_group_sends_unconfirmed_rows_again_under_the_same_sequence_number()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var first = await ExpectMsgAsync<OutputEvent>(Patience);
        await KillAsync(group);

        var second = Start();
        var again = await ExpectMsgAsync<OutputEvent>(Patience);
        Assert.Equal((first.Incarnation, first.Sequence), (again.Incarnation, again.Sequence));
        Assert.True(first.Bytes.Span.SequenceEqual(again.Bytes.Span));
        second.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        second.Tell(new OutputConfirmed(again.Incarnation, again.Sequence));
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        Assert.Equal(1, (await second.Ask<KeyGroupStatus>(new AskStatus(0), Patience)).Right.Received);
    }

    [Fact]
    public async Task A_row_keeps_the_incarnation_that_made_it_and_each_new_one_names_its_own()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var first = await ExpectMsgAsync<OutputEvent>(Patience);
        await KillAsync(group);

        var second = Start();
        Assert.Equal(first.Incarnation, (await ExpectMsgAsync<OutputEvent>(Patience)).Incarnation); // the same rows as before
        second.Tell(ActorWorld.Batch(Side.Right, 1, 2), TestActor);
        Assert.NotEqual(first.Incarnation, (await ExpectMsgAsync<OutputEvent>(Patience)).Incarnation);
    }

    [Fact]
    public async Task After_a_rollback_an_event_of_the_same_number_is_another_one_and_is_not_taken_for_confirmed()
    {
        var props = _world.Props(TestActor);
        var group = Sys.ActorOf(props);
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var lost = await ExpectMsgAsync<OutputEvent>(Patience);
        group.Tell(new OutputConfirmed(lost.Incarnation, lost.Sequence));
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        await KillAsync(group);
        _world.Execute("DELETE FROM journal WHERE sequence_number > 1");

        var second = Sys.ActorOf(props);
        second.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var again = await ExpectMsgAsync<OutputEvent>(Patience);
        Assert.Equal(lost.Sequence, again.Sequence);
        Assert.NotEqual(lost.Incarnation, again.Incarnation);
        second.Tell(new OutputConfirmed(lost.Incarnation, lost.Sequence)); // late, and of the event that is lost
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
        second.Tell(new OutputConfirmed(again.Incarnation, again.Sequence));
        await ExpectMsgAsync<KeyGroupAck>(Patience);
    }

    [Fact]
    public async Task A_damaged_event_stops_the_join_and_names_database_key_group_and_number()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        await KillAsync(group);
        var bytes = (byte[])_world.Database.Query("SELECT message FROM journal WHERE sequence_number = 1")!;
        bytes[^1] ^= 1; // in the value of the record
        _world.Database.Query($"UPDATE journal SET message = x'{Convert.ToHexString(bytes)}' WHERE sequence_number = 1");
        Start();
        await AwaitAssertAsync(() => Assert.NotEmpty(_world.Fatal), Patience);
        Assert.StartsWith($"event 1 of key group 0 (akkajoin-t-0) is damaged in {_world.Journal.Location}: its checksum differs.", _world.Fatal[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_this_process_knows_to_be_confirmed_is_not_sent_again_though_the_journal_was_not_told()
    {
        var props = _world.Props(TestActor);
        var group = Sys.ActorOf(props);
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var outputs = await ExpectMsgAsync<OutputEvent>(Patience);
        group.Tell(new OutputConfirmed(outputs.Incarnation, outputs.Sequence));
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        _world.Execute("DELETE FROM journal WHERE sequence_number > 2"); // the confirmation, where it was flushed already
        await KillAsync(group);

        // An answer, and nothing before it.
        Sys.ActorOf(props).Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
    }

    [Fact]
    public async Task A_batch_that_begins_above_what_is_covered_is_refused_with_the_offset_named()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 5), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Left, 7, 9), TestActor);
        Assert.Equal(5, (await ExpectMsgAsync<KeyGroupGap>(Patience)).ExpectedOffset);
    }

    [Fact]
    public async Task After_a_snapshot_the_journal_keeps_its_newest_row_and_recovery_gives_the_same_state()
    {
        var group = Start(snapshotBytesMin: 200);
        for (var i = 0; i < 300; i += 3)
        {
            group.Tell(ActorWorld.Batch(Side.Left, i, i + 3, i % 30 == 0 ? "k" + i : null), TestActor);
            await ExpectMsgAsync<KeyGroupAck>(Patience);
        }

        await AwaitAssertAsync(() => Assert.InRange(_world.Execute("SELECT COUNT(*) FROM journal"), 1, 90), Patience);
        var before = await group.Ask<KeyGroupStatus>(new AskStatus(0), Patience);
        await KillAsync(group);
        var after = await Start().Ask<KeyGroupStatus>(new AskStatus(0), Patience);
        Assert.Equal(before.Left, after.Left);
        Assert.Equal(30, after.Buffered); // a record without a key is over when it comes
        Assert.Equal(new AppliedPartition(new PartitionId(Side.Left, 0, 0), 300), Assert.Single(after.Applied));
        Assert.InRange(after.SnapshotSequence, 1, after.Sequence);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - after.SnapshotTimeMs, -1_000, 60_000);
        Assert.Equal(before.Sequence, _world.Execute("SELECT MAX(sequence_number) FROM journal"));
    }

    [Fact]
    public async Task A_hole_that_is_there_again_stops_the_join_with_the_events_named()
    {
        var props = await MakeHoleAsync();
        Watch(Sys.ActorOf(props));
        await ExpectMsgAsync<Terminated>(Patience);
        Assert.Empty(_world.Fatal); // another incarnation may have deleted the events in between
        Sys.ActorOf(props);
        await AwaitAssertAsync(
            () => Assert.Contains("event 3 follows event 1", Assert.IsType<JournalException>(_world.Fatal[0]).Message, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task A_hole_that_another_incarnation_made_by_its_snapshot_and_deletion_is_none_for_the_next_recovery()
    {
        var props = await MakeHoleAsync();
        Watch(Sys.ActorOf(props));
        await ExpectMsgAsync<Terminated>(Patience);
        _world.Execute("UPDATE journal SET persistence_id = 'akkajoin-t-0' WHERE sequence_number = 2");
        var status = await Sys.ActorOf(props).Ask<KeyGroupStatus>(new AskStatus(0), Patience);
        Assert.Equal(4, status.Sequence);
        Assert.Empty(_world.Fatal);
    }

    [Fact]
    public async Task A_journal_that_is_older_than_its_snapshots_is_refused()
    {
        var group = Start(snapshotBytesMin: 200);
        for (var i = 0; i < 60; i++)
        {
            group.Tell(ActorWorld.Batch(Side.Left, i, i + 1, null), TestActor);
            await ExpectMsgAsync<KeyGroupAck>(Patience);
        }

        await AwaitAssertAsync(() => Assert.InRange(_world.Execute("SELECT COUNT(*) FROM journal"), 1, 50), Patience);
        await KillAsync(group);
        _world.Execute("DELETE FROM journal");
        var directory = Directory.CreateTempSubdirectory("akkajoin-journal-").FullName;
        foreach (var file in Directory.GetFiles(_world.Database.SqliteDirectory, "*.db*"))
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        var refused = Assert.Throws<JournalException>(() => SqliteJournal.Open(directory));
        Assert.Contains("they are not of one time", refused.Message, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _world.Dispose();
    }

    // A journal of four events of which the second is missing.
    async Task<Props> MakeHoleAsync()
    {
        var props = _world.Props(TestActor);
        var group = Sys.ActorOf(props);
        for (var i = 0; i < 4; i++)
        {
            group.Tell(ActorWorld.Batch(Side.Left, i, i + 1), TestActor);
            await ExpectMsgAsync<KeyGroupAck>(Patience);
        }

        await KillAsync(group);
        _world.Execute("UPDATE journal SET persistence_id = 'elsewhere' WHERE sequence_number = 2");
        return props;
    }

    IActorRef Start(int snapshotBytesMin = 1 << 20) => Sys.ActorOf(_world.Props(TestActor, snapshotBytesMin));

    async Task KillAsync(IActorRef group)
    {
        Watch(group);
        group.Tell(Kill.Instance);
        Sys.Stop(group);
        await ExpectTerminatedAsync(group, Patience);
    }
}
