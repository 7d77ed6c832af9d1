using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>A journal that is rolled back while a key group lives that has written more.</summary>
public sealed class RollbackTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    const string Id = "akkajoin-t-0";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task A_frozen_incarnation_does_not_append_its_next_event_to_another_one_s(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        using var kit = new TestKit(ActorSystem.Create("rollback", world.Setup));
        var frozen = await StartAsync(kit, world, 0, 3);
        world.Database.Delete("journal WHERE sequence_number > 2");
        await StartAsync(kit, world, 2, 3); // another one's third event
        kit.Watch(frozen);
        frozen.Tell(ActorWorld.Batch(Side.Left, 3, 4, null), kit.TestActor);
        await kit.ExpectTerminatedAsync(frozen, Patience);
        Assert.Equal(3, world.Execute("SELECT MAX(sequence_number) FROM journal"));
        Assert.Empty(world.Fatal);
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task Without_the_fence_it_would_and_the_replay_stops_at_the_break_and_names_database_key_group_and_number(DatabaseKind kind)
    {
        using var world = new ActorWorld(TestDatabase.Create(kind, server));
        using var kit = new TestKit(ActorSystem.Create("rollback", world.Setup));
        var frozen = await StartAsync(kit, world, 0, 3);
        world.Database.Delete("journal WHERE sequence_number > 2");
        await StartAsync(kit, world, 2, 3);
        world.Database.DropFence();
        frozen.Tell(ActorWorld.Batch(Side.Left, 3, 4, null), kit.TestActor);
        await kit.ExpectMsgAsync<KeyGroupAck>(Patience);
        var props = world.Props(kit.TestActor);
        kit.Watch(kit.Sys.ActorOf(props));
        await kit.ExpectMsgAsync<Terminated>(Patience);
        Assert.Empty(world.Fatal); // the journal may have been rolled back while it was read
        kit.Sys.ActorOf(props);
        await kit.AwaitAssertAsync(() => Assert.NotEmpty(world.Fatal), Patience);
        Assert.StartsWith($"event 4 of key group 0 ({Id}) in {world.Journal.Location} was written behind another event than the one that is there", world.Fatal[0].Message, StringComparison.Ordinal);
    }

    [RealPostgresFact]
    public async Task What_a_frozen_incarnation_captured_or_would_delete_is_refused()
    {
        using var world = new ActorWorld(new TestDatabase(server));
        using var kit = new TestKit(ActorSystem.Create("rollback", world.Setup));
        await StartAsync(kit, world, 0, 3);
        var lost = Incarnation.Of(((byte[])world.Database.Query("SELECT message FROM journal WHERE sequence_number = 3")!).AsSpan(5, 8));
        world.Database.Delete("journal WHERE sequence_number > 2");
        await StartAsync(kit, world, 2, 4);
        var writer = Incarnation.Of(((byte[])world.Database.Query("SELECT message FROM journal WHERE sequence_number = 3")!).AsSpan(5, 8));
        Assert.NotEqual(lost, writer);

        Assert.Throws<JournalException>(() => world.Journal.Segments.Write(Id, 3, 0, [1], lost));
        world.Journal.Segments.Write(Id, 3, 0, [1], writer);
        Assert.Contains("akkajoin fence", Assert.ThrowsAny<Exception>(() => Snapshot(3, lost)).Message, StringComparison.Ordinal);
        Assert.Contains("akkajoin fence", Assert.ThrowsAny<Exception>(() => Snapshot(9, writer)).Message, StringComparison.Ordinal);
        Assert.Contains("lacks some of its chunks", Assert.ThrowsAny<Exception>(() => Snapshot(3, writer, segments: 2)).Message, StringComparison.Ordinal);
        foreach (var table in new[] { "journal", "snapshot_chunk" })
            Assert.Contains("akkajoin fence", Assert.ThrowsAny<Exception>(() => world.Database.Query($"DELETE FROM {table}")).Message, StringComparison.Ordinal);
        Snapshot(3, writer);
        world.Database.Query("DELETE FROM journal WHERE sequence_number < 3");
        Assert.Contains("akkajoin fence", Assert.ThrowsAny<Exception>(() => world.Database.Query("DELETE FROM journal WHERE sequence_number < 4")).Message, StringComparison.Ordinal);
        Assert.Contains("akkajoin fence", Assert.ThrowsAny<Exception>(() => world.Database.Query("DELETE FROM snapshot")).Message, StringComparison.Ordinal);

        void Snapshot(long sequence, Incarnation of, int segments = 1) =>
            world.Database.Query($"INSERT INTO snapshot VALUES ('{Id}', {sequence}, 0, '\\x03{Convert.ToHexString(of.ToBytes())}0{segments}000000', '', 1)");
    }

    [RealPostgresFact]
    public void Tables_of_the_first_release_get_the_new_fences_at_the_start_of_one_who_may()
    {
        using var database = new TestDatabase(server);
        database.Query("DROP TRIGGER snapshot_chunk_deletion_fence ON snapshot_chunk; DROP TRIGGER snapshot_fence ON snapshot");
        var refused = Assert.Throws<JournalException>(() => AkkaJoin.Shards.Journal.Postgresql.PostgresJournal.Open(TestDatabase.Options(database.ConnectionString, createSchema: false)));
        Assert.Contains("its triggers are of an older release", refused.Message, StringComparison.Ordinal);
        AkkaJoin.Shards.Journal.Postgresql.PostgresJournal.Open(TestDatabase.Options(database.ConnectionString)).Dispose();
        Assert.Equal(5, database.Execute("SELECT COUNT(*) FROM pg_trigger WHERE tgname LIKE '%\\_fence'"));
    }

    // One record an event, in [from, to).
    static async Task<IActorRef> StartAsync(TestKit kit, ActorWorld world, long from, long to)
    {
        var group = kit.Sys.ActorOf(world.Props(kit.TestActor));
        for (var offset = from; offset < to; offset++)
        {
            group.Tell(ActorWorld.Batch(Side.Left, offset, offset + 1, null), kit.TestActor);
            Assert.Equal(offset + 1, (await kit.ExpectMsgAsync<KeyGroupAck>(Patience)).Items[0].Offset);
        }

        return group;
    }
}
