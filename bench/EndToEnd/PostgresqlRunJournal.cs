using System.Globalization;
using AkkaJoin.Bench.Nodes;
using Npgsql;

namespace AkkaJoin.Bench.EndToEnd;

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
