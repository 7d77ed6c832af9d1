using AkkaJoin.Shards.Journal.Leases;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

public sealed class BootstrapLeaseTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task While_a_cluster_has_it_another_is_told_who(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        var lease = database.Journal.Lease;
        Assert.Null(await lease.CurrentAsync());
        Assert.True((await lease.TryTakeAsync("one", "node-1:4053", Long)).IsHeld);
        Assert.True((await lease.TryTakeAsync("one", "node-1:4053", Long)).IsHeld);
        var refused = await lease.TryTakeAsync("two", "node-2:4053", Long);
        Assert.False(refused.IsHeld);
        Assert.Equal(("one", "node-1:4053"), (refused.Current!.ClusterId, refused.Current.Holder));
        Assert.True(refused.Current.Remaining > TimeSpan.FromMinutes(59));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public async Task Any_member_renews_it_another_cluster_does_not_and_after_its_release_it_is_free(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        var lease = database.Journal.Lease;
        await lease.TryTakeAsync("one", "node-1:4053", Long);
        Assert.True((await lease.RenewAsync("one", "node-3:4053", Long)).IsHeld);
        Assert.False((await lease.RenewAsync("two", "node-2:4053", Long)).IsHeld);
        await lease.ReleaseAsync("two");
        Assert.Equal("one", (await lease.CurrentAsync())!.ClusterId);
        await lease.ReleaseAsync("one");
        Assert.Null(await lease.CurrentAsync());
        Assert.True((await lease.RenewAsync("one", "node-1:4053", Long)).IsHeld); // a member that is still there takes it again
    }

    [RealPostgresFact]
    public async Task One_that_nobody_renewed_in_time_goes_to_another_cluster_and_the_first_learns_it()
    {
        using var database = new TestDatabase(server);
        var lease = database.Journal.Lease;
        await lease.TryTakeAsync("one", "node-1:4053", TimeSpan.FromSeconds(30));
        Age(database, 31);
        Assert.True((await lease.CurrentAsync())!.Remaining < TimeSpan.Zero);
        Assert.True((await lease.TryTakeAsync("two", "node-2:4053", Long)).IsHeld);
        var lost = await lease.RenewAsync("one", "node-1:4053", Long);
        Assert.Equal((false, "two"), (lost.IsHeld, lost.Current!.ClusterId));
    }

    [RealPostgresFact]
    public async Task A_late_member_may_still_renew_an_expired_one_that_nobody_took()
    {
        using var database = new TestDatabase(server);
        var lease = database.Journal.Lease;
        await lease.TryTakeAsync("one", "node-1:4053", TimeSpan.FromSeconds(30));
        Age(database, 300);
        Assert.True((await lease.RenewAsync("one", "node-1:4053", Long)).IsHeld);
        Assert.False((await lease.TryTakeAsync("two", "node-2:4053", Long)).IsHeld);
    }

    [RealPostgresFact]
    public async Task Of_many_that_take_a_free_or_expired_one_at_once_one_gets_it()
    {
        using var database = new TestDatabase(server);
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TakeAsync(database.Journal.Lease, $"{round}-{i}")));
            var winner = Assert.Single(answers, a => a.IsHeld).Current!.ClusterId;
            Assert.All(answers, a => Assert.Equal(winner, a.Current!.ClusterId));
            Age(database, 31);
        }
    }

    [RealPostgresFact(own: true)]
    public async Task After_a_restart_of_the_server_its_members_have_the_whole_time_again()
    {
        using var own = RealPostgres.Own();
        using var database = new TestDatabase(own);
        await database.Journal.Lease.TryTakeAsync("one", "node-1:4053", TimeSpan.FromSeconds(30));
        Age(database, 31, sinceStart: false);
        own.Kill();
        own.Start();
        Assert.False((await database.Journal.Lease.TryTakeAsync("two", "node-2:4053", Long)).IsHeld);
    }

    static Task<LeaseAnswer> TakeAsync(IBootstrapLease lease, string id) => Task.Run(() => lease.TryTakeAsync(id, "node:4053", TimeSpan.FromSeconds(30)));

    // As if so many seconds had passed without a renewal, on a server that has run for long.
    static void Age(TestDatabase database, int seconds, bool sinceStart = true) => database.Query(
        $"UPDATE akkajoin_cluster SET renewed_at = renewed_at - INTERVAL '{seconds} s'" + (sinceStart ? ", ttl = LEAST(ttl, INTERVAL '0 s')" : ""));
}
