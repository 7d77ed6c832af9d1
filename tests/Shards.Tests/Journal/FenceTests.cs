using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>
/// Two incarnations of a key group on one journal. Each test of the fence has a twin without it, which shows what would get in.
/// </summary>
public sealed class FenceTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    const string Id = "akkajoin-t-0";
    const int SnapshotBytesMin = 200;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public void Only_the_event_one_above_the_newest_is_written_also_when_those_below_are_deleted(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        Assert.ThrowsAny<Exception>(() => database.Insert(Id, 2)); // an empty journal begins at 1
        for (var sequence = 1; sequence <= 3; sequence++)
            database.Insert(Id, sequence);
        Assert.ThrowsAny<Exception>(() => database.Insert(Id, 3));
        Assert.ThrowsAny<Exception>(() => database.Insert(Id, 5));
        database.Delete("journal WHERE sequence_number < 3");
        Assert.Contains("akkajoin fence", Assert.ThrowsAny<Exception>(() => database.Insert(Id, 2)).Message, StringComparison.Ordinal);
        database.Insert(Id, 4);
        database.Insert("akkajoin-t-1", 1);
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task A_group_whose_successor_has_written_loses_stops_and_has_changed_nothing(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        using var kit = new TestKit(ActorSystem.Create("one", world.Setup));
        var group = await StartAsync(kit, world, events: 1);
        world.Database.Insert(Id, 2);
        await RefusedAsync(kit, group, 1);
        Assert.Equal(2, world.Execute("SELECT COUNT(*) FROM journal"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task A_zombie_that_writes_after_its_successor_took_a_snapshot_and_deleted_the_journal_is_refused(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        using var kit = new TestKit(ActorSystem.Create("zombie", world.Setup));
        var zombie = await StartAsync(kit, world, events: 3);
        await SucceedAsync(world, from: 3);
        await RefusedAsync(kit, zombie, 3);
        Assert.Equal(0, world.Execute("SELECT COUNT(*) FROM journal WHERE sequence_number = 4"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task Without_the_fence_that_zombie_writes_and_its_sender_believes_it(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        using var kit = new TestKit(ActorSystem.Create("zombie", world.Setup));
        var zombie = await StartAsync(kit, world, events: 3);
        await SucceedAsync(world, from: 3);
        world.Database.DropFence();
        zombie.Tell(ActorWorld.Batch(Side.Left, 3, 4, null), kit.TestActor);
        Assert.Equal(4, (await kit.ExpectMsgAsync<KeyGroupAck>(Patience)).Items[0].Offset);
        Assert.Equal(1, world.Execute("SELECT COUNT(*) FROM journal WHERE sequence_number = 4"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task A_zombie_frozen_between_its_snapshot_and_the_highest_number_does_not_recover_into_the_past(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        var through = await SucceedAsync(world, from: 0); // there is a snapshot to load
        using var kit = new TestKit(ActorSystem.Create("zombie", world.Setup));
        using var frozen = new Freezer();
        var zombie = kit.Sys.ActorOf(world.Props(kit.TestActor, SnapshotBytesMin, beforeRows: frozen.Freeze));
        frozen.UntilReached(Patience);
        through = await SucceedAsync(world, through);
        kit.Watch(zombie);
        frozen.Thaw();
        await kit.ExpectTerminatedAsync(zombie, Patience);
        Assert.Empty(world.Fatal);

        // The next incarnation begins at the newest snapshot.
        var next = kit.Sys.ActorOf(world.Props(kit.TestActor, SnapshotBytesMin));
        next.Tell(ActorWorld.Batch(Side.Left, through, through + 1, null), kit.TestActor);
        Assert.Equal(through + 1, (await kit.ExpectMsgAsync<KeyGroupAck>(Patience)).Items[0].Offset);
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task Were_the_newest_event_deleted_too_that_zombie_would_recover_and_the_fence_alone_refuses_its_event(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        using var kit = new TestKit(ActorSystem.Create("zombie", world.Setup));
        var (zombie, offset) = await RecoverIntoThePastAsync(world, kit);
        await RefusedAsync(kit, zombie, offset);
        Assert.Equal(0, world.Execute("SELECT COUNT(*) FROM journal"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task Without_fence_and_newest_event_that_zombie_goes_on_from_the_past(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        using var kit = new TestKit(ActorSystem.Create("zombie", world.Setup));
        var (zombie, offset) = await RecoverIntoThePastAsync(world, kit);
        world.Database.DropFence();
        zombie.Tell(ActorWorld.Batch(Side.Left, offset, offset + 1, null), kit.TestActor);
        await kit.ExpectMsgAsync<KeyGroupAck>(Patience);
        Assert.Equal(1, world.Execute("SELECT COUNT(*) FROM journal"));
    }

    // Frozen after its snapshot while its successor writes, takes a snapshot and deletes everything.
    static async Task<(IActorRef Zombie, long Offset)> RecoverIntoThePastAsync(ActorWorld world, TestKit kit)
    {
        var offset = await SucceedAsync(world, from: 0);
        using var frozen = new Freezer();
        var zombie = kit.Sys.ActorOf(world.Props(kit.TestActor, SnapshotBytesMin, beforeRows: frozen.Freeze));
        frozen.UntilReached(Patience);
        await SucceedAsync(world, offset);
        world.Database.Delete("journal");
        frozen.Thaw();
        var covered = (await zombie.Ask<KeyGroupStatus>(new AskStatus(0), Patience)).Left.Received;
        Assert.True(covered <= offset);
        return (zombie, covered);
    }

    /// <summary>Starts a group and has it journal so many events, one record each.</summary>
    static async Task<IActorRef> StartAsync(TestKit kit, ActorWorld world, int events)
    {
        var group = kit.Sys.ActorOf(world.Props(kit.TestActor));
        for (var i = 0; i < events; i++)
        {
            group.Tell(ActorWorld.Batch(Side.Left, i, i + 1, null), kit.TestActor);
            await kit.ExpectMsgAsync<KeyGroupAck>(Patience);
        }

        return group;
    }

    /// <summary>Another node takes the group over, journals until the events that it found are deleted behind a snapshot, and ends.</summary>
    /// <returns>The offset through which it got.</returns>
    static async Task<long> SucceedAsync(ActorWorld world, long from)
    {
        using var kit = new TestKit(ActorSystem.Create("successor", world.Setup));
        var group = kit.Sys.ActorOf(world.Props(kit.TestActor, SnapshotBytesMin));
        var first = (await group.Ask<KeyGroupStatus>(new AskStatus(0), Patience)).Sequence;
        var offset = from;
        while (offset < from + 20 || world.Execute("SELECT COALESCE(MIN(sequence_number), 0) FROM journal") <= first + 1)
        {
            group.Tell(ActorWorld.Batch(Side.Left, offset, ++offset, null), kit.TestActor);
            await kit.ExpectMsgAsync<KeyGroupAck>(Patience);
        }

        await kit.Sys.Terminate();
        return offset;
    }

    static async Task RefusedAsync(TestKit kit, IActorRef zombie, long offset)
    {
        kit.Watch(zombie);
        zombie.Tell(ActorWorld.Batch(Side.Left, offset, offset + 1, null), kit.TestActor);
        await kit.ExpectTerminatedAsync(zombie, Patience);
    }
}
