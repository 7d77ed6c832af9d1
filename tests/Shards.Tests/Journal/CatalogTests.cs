using System.Text;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

public sealed class CatalogTests(RealPostgres server) : IClassFixture<RealPostgres>
{
    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public void What_is_set_is_read_again_and_what_is_not_there_is_null(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        Assert.Null(database.Journal.Get("a", "x"));
        database.Journal.Set("a", Values(("x", "1"), ("y", "2")));
        database.Journal.Set("a", Values(("x", "3")));
        Assert.Equal("3", Read(database, "a", "x"));
        Assert.Equal("2", Read(database, "a", "y"));
        Assert.Null(database.Journal.Get("b", "x"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public void Of_several_that_add_the_same_one_is_first_and_the_others_change_nothing(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        var added = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4)
            .Select(i => (Number: i, Was: database.Journal.TryAdd("a", Values(("x", $"{i}"), ("y", $"{i}"))))).ToList();
        var first = Assert.Single(added, a => a.Was).Number;
        Assert.Equal(($"{first}", $"{first}"), (Read(database, "a", "x"), Read(database, "a", "y")));
        Assert.False(database.Journal.TryAdd("a", Values(("y", "9"), ("z", "9"))));
        Assert.Null(database.Journal.Get("a", "z"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public void A_generation_is_given_once_however_many_ask(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        var given = Enumerable.Range(0, 40).AsParallel().WithDegreeOfParallelism(4).Select(_ => database.Journal.NextGeneration("a")).Order().ToList();
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), given);
        Assert.Equal(1, database.Journal.NextGeneration("b"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgresql]
    public void A_value_is_replaced_only_where_it_is_the_one_that_was_read(DatabaseKind kind)
    {
        using var database = TestDatabase.Create(kind, server);
        Assert.False(database.Journal.TryReplace("a", "x", [1], [2]));
        Assert.True(database.Journal.TryReplace("a", "x", null, [1]));
        Assert.False(database.Journal.TryReplace("a", "x", null, [3]));
        Assert.False(database.Journal.TryReplace("a", "x", [0], [3]));
        var replaced = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4)
            .Select(i => database.Journal.TryReplace("a", "x", [1], [(byte)(10 + i)])).ToList();
        Assert.Single(replaced, was => was);
        Assert.InRange(Assert.Single(database.Journal.Get("a", "x")!), 10, 13);
    }

    static string Read(TestDatabase database, string join, string name) => Encoding.UTF8.GetString(database.Journal.Get(join, name)!);

    static Dictionary<string, byte[]> Values(params (string Name, string Value)[] values) => values.ToDictionary(v => v.Name, v => Encoding.UTF8.GetBytes(v.Value));
}
