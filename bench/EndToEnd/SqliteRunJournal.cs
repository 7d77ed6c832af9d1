using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>SQLite's files in a directory of the run.</summary>
sealed class SqliteRunJournal(string directory) : IRunJournal
{
    /// <inheritdoc/>
    public string Config => $"journal = sqlite, sqlite.directory = \"{directory}\"";

    /// <inheritdoc/>
    public double? ServerCpuSeconds => null;

    // The numbers are given once and for all, so the highest counts the deleted events too.
    /// <inheritdoc/>
    public async Task<long> EventsAsync()
    {
        var place = new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "journal.db"), Pooling = false };
        await using var connection = new SqliteConnection(place.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'";
        return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0L, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public Task DropAsync()
    {
        Directory.Delete(directory, recursive: true);
        return Task.CompletedTask;
    }
}
