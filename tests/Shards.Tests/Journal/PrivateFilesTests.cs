using System.Runtime.Versioning;
using AkkaJoin.Shards.Journal.Sqlite;
using AkkaJoin.Shards.Memory;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>What holds records can be read by its owner alone.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode Owner = OwnerFile | UnixFileMode.UserExecute;
    const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    readonly string _root = Directory.CreateTempSubdirectory("akkajoin-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_directory_of_a_new_journal_and_the_files_in_it_are_their_owners_alone()
    {
        var directory = Path.Combine(_root, "data");
        using var journal = SqliteJournal.Open(directory);
        journal.NextGeneration("a");
        Assert.Equal(Owner, File.GetUnixFileMode(directory));
        Assert.All(Directory.GetFiles(directory), file => Assert.Equal(OwnerFile, File.GetUnixFileMode(file)));
        Assert.True(Directory.GetFiles(directory).Length >= 3);
    }

    [Fact]
    public void A_journal_of_an_earlier_version_is_closed_to_others_when_it_is_opened()
    {
        var directory = Path.Combine(_root, "data");
        SqliteJournal.Open(directory).Dispose();
        File.SetUnixFileMode(directory, Owner | Others);
        SqliteJournal.Open(directory).Dispose();
        Assert.Equal(Owner, File.GetUnixFileMode(directory));
    }

    [Fact]
    public void A_directory_that_holds_other_files_too_keeps_its_rights_and_only_the_files_are_closed()
    {
        var directory = Path.Combine(_root, "data");
        Directory.CreateDirectory(directory, Owner | Others);
        File.WriteAllText(Path.Combine(directory, "of-others"), "");
        using var journal = SqliteJournal.Open(directory);
        Assert.Equal(Owner | Others, File.GetUnixFileMode(directory) | Others);
        Assert.NotEqual(Owner, File.GetUnixFileMode(directory));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(directory, "journal.db")));
    }

    [Fact]
    public void The_directory_of_states_beyond_memory_is_its_owners_alone()
    {
        var directory = Path.Combine(_root, "state");
        using var pool = new MappedSlabPool(directory);
        Assert.Equal(Owner, File.GetUnixFileMode(directory));
    }
}
