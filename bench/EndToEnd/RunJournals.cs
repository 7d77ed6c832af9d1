using System.Globalization;
using AkkaJoin.Bench.Nodes;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaJoin.Bench.EndToEnd;

/// <summary>Where a run keeps its journal: a place of its own.</summary>
interface IRunJournal
{
    /// <summary>The keys of the configuration.</summary>
    string Config { get; }

    /// <summary>CPU of the server so far, s; null where there is none.</summary>
    double? ServerCpuSeconds { get; }

    /// <summary>Events that it ever took, those that are deleted too.</summary>
    Task<long> EventsAsync();

    /// <summary>Deletes it.</summary>
    Task DropAsync();
}

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

/// <summary>The tables of one run: a schema of its own.</summary>
/// <param name="database">The server.</param>
/// <param name="run">The run's name.</param>
sealed class PostgresqlRunJournal(Database database, string run) : IRunJournal
{
    // A schema's name is of letters, digits and underscores here, which makes it safe in a statement.
    readonly string _schema = string.Concat(run.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));

    /// <inheritdoc/>
    public string Config => $"journal = postgresql, postgresql.schema = {_schema}";

    /// <inheritdoc/>
    public double? ServerCpuSeconds => database.CpuSeconds;

    /// <inheritdoc/>
    public async Task<long> EventsAsync() => Convert.ToInt64(
        await AskAsync("SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence('journal', 'ordering')::regclass), 0)"), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public Task DropAsync() => AskAsync($"DROP SCHEMA {_schema} CASCADE");

    async Task<object?> AskAsync(string question)
    {
        await using var connection = await database.OpenAsync(_schema);
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync();
    }
}
