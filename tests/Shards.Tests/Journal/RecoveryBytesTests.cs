using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

public sealed class RecoveryBytesTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public void A_recovery_reads_the_events_that_are_there_and_the_chunks(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        Assert.Empty(database.Journal.RecoveryBytes());
        database.Insert("a", 1, bytes: 100);
        database.Insert("a", 2, bytes: 20_000);
        database.Insert("b", 1, bytes: 7);
        database.Journal.Segments.Write("a", 1, 0, new byte[3]);
        database.Journal.Segments.Write("c", 1, 0, new byte[5]);
        Assert.Equal([("a", 20_103), ("b", 7), ("c", 5)], database.Journal.RecoveryBytes().Select(size => (size.Key, size.Value)).Order());
    }
}
