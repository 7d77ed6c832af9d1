using System.Globalization;
using DuckDB.NET.Data;

namespace AkkaJoin.Host.Validation;

/// <summary>The DuckDB database of one validation, in memory or in a file of its directory.</summary>
sealed class ValidationDatabase : IDisposable
{
    readonly DuckDBConnection _connection;
    readonly string? _file;

    internal ValidationDatabase(string directory, bool onDisk)
    {
        _file = onDisk ? Path.Combine(directory, "tables.duckdb") : null;
        _connection = new DuckDBConnection(_file is null ? "Data Source=:memory:" : $"Data Source={_file}");
        _connection.Open();
        Execute($"SET temp_directory = '{directory.Replace("'", "''", StringComparison.Ordinal)}'");
        // The order of a result is asked for where it matters.
        Execute("SET preserve_insertion_order = false");
    }

    internal DuckDBAppender Appender(string table) => _connection.CreateAppender(table);

    internal void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Reads a result row by row, not held in memory; nothing else may use the connection meanwhile.</summary>
    internal IEnumerable<DuckDBDataReader> Query(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return reader;
    }

    internal long Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        var value = command.ExecuteScalar();
        return value is null or DBNull ? 0 : Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }

    /// <summary>A second connection to the same database, so that one can append while the other reads.</summary>
    internal DuckDBConnection Second()
    {
        var second = _file is null ? _connection.Duplicate() : new DuckDBConnection($"Data Source={_file}");
        second.Open();
        return second;
    }

    public void Dispose() => _connection.Dispose();
}
