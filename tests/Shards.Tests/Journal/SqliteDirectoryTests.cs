using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Sqlite;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>What is said of a place where the directory of a journal cannot be.</summary>
public sealed class SqliteDirectoryTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("akkajoin-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("file")]
    [InlineData("file/below/it")]
    public void A_file_in_the_way_is_named_with_the_key_by_a_start_and_before_it(string place)
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        var directory = Path.Combine(_root, place);
        var problem = $"the journal in {directory} cannot be made: {file} is a file and no directory (akkajoin.sqlite.directory)";
        Assert.Equal(problem, Assert.Throws<JournalException>(() => SqliteJournal.Open(directory)).Message);
        Assert.Equal(problem, Assert.Throws<JournalException>(() => SqliteJournal.Probe(directory)).Message);
    }

    [Fact]
    public void Only_a_lock_that_another_holds_is_called_in_use()
    {
        var directory = Path.Combine(_root, "held");
        using (SqliteJournal.Open(directory))
            Assert.Contains("is in use by another akkajoin process", Assert.Throws<JournalException>(() => SqliteJournal.Open(directory)).Message, StringComparison.Ordinal);
        var file = Path.Combine(directory, "akkajoin.lock");
        File.Delete(file);
        File.CreateSymbolicLink(file, file); // a file that cannot be opened, for a reason of its own
        Assert.Contains($"the journal in {directory} cannot be opened: ", Assert.Throws<JournalException>(() => SqliteJournal.Open(directory)).Message, StringComparison.Ordinal);
    }
}
