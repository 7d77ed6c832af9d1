using Microsoft.Data.Sqlite;

namespace AkkaJoin.Shards.Journal.Sqlite;

/// <summary>The catalog, in the journal's file.</summary>
sealed class SqliteCatalog(string file) : IJoinCatalog
{
    const string Insert = "INSERT INTO akkajoin_join VALUES ($join, $name, $value) ON CONFLICT (join_name, name) ";

    const string Replace =
        "UPDATE akkajoin_join SET value = $value WHERE join_name = $join AND name = $name AND value = $expected";

    const string Increment = """
        INSERT INTO akkajoin_join VALUES ($join, $name, CAST('1' AS BLOB)) ON CONFLICT (join_name, name)
        DO UPDATE SET value = CAST(CAST(CAST(CAST(value AS TEXT) AS INTEGER) + 1 AS TEXT) AS BLOB)
        RETURNING CAST(CAST(value AS TEXT) AS INTEGER)
        """;

    public byte[]? Get(string join, string name) => Run("read", connection =>
    {
        using var command = Command(connection, "SELECT value FROM akkajoin_join WHERE join_name = $join AND name = $name", join, name);
        return command.ExecuteScalar() as byte[];
    });

    public void Set(string join, IReadOnlyDictionary<string, byte[]> values) =>
        Write(Insert + "DO UPDATE SET value = $value", join, values);

    public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values) => Write(Insert + "DO NOTHING", join, values);

    public bool TryReplace(string join, string name, byte[]? expected, byte[] value) => expected is null
        ? TryAdd(join, new Dictionary<string, byte[]> { [name] = value })
        : Run("written", connection =>
        {
            using var command = Command(connection, Replace, join, name);
            command.Parameters.AddWithValue("$value", value);
            command.Parameters.AddWithValue("$expected", expected);
            return command.ExecuteNonQuery() > 0;
        });

    public long NextGeneration(string join) => Run("written", connection =>
    {
        using var command = Command(connection, Increment, join, CatalogNames.Generation);
        return (long)command.ExecuteScalar()!;
    });

    bool Write(string sql, string join, IReadOnlyDictionary<string, byte[]> values) => Run("written", connection =>
    {
        using var transaction = connection.BeginTransaction();
        foreach (var (name, value) in values)
        {
            using var command = Command(connection, sql, join, name);
            command.Transaction = transaction;
            command.Parameters.AddWithValue("$value", value);
            if (command.ExecuteNonQuery() == 0)
                return false;
        }

        transaction.Commit();
        return true;
    });

    T Run<T>(string what, Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = SqliteSchema.Connect(file);
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw new JournalException($"the journal in {Path.GetDirectoryName(file)} cannot be {what}: {e.Message}", e);
        }
    }

    static SqliteCommand Command(SqliteConnection connection, string sql, string join, string name)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$join", join);
        command.Parameters.AddWithValue("$name", name);
        return command;
    }
}
