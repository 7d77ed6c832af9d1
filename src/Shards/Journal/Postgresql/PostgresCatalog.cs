using Npgsql;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>
/// The catalog, in the same database. What a node reads and writes while it starts waits for a server that is away, as
/// the opening of the journal does. What is asked again anyway does not wait (<see cref="GetAtOnce"/>).
/// </summary>
sealed class PostgresCatalog(PostgresServer server) : IJoinCatalog
{
    const string Unread = "cannot be read";

    const string Insert = "INSERT INTO akkajoin_join VALUES ($1, $2, $3) ON CONFLICT (join_name, name) ";

    const string Replace = "UPDATE akkajoin_join SET value = $3 WHERE join_name = $1 AND name = $2 AND value = $4";

    const string Increment = """
        INSERT INTO akkajoin_join VALUES ($1, $2, '1') ON CONFLICT (join_name, name)
        DO UPDATE SET value = convert_to((convert_from(akkajoin_join.value, 'UTF8')::BIGINT + 1)::TEXT, 'UTF8')
        RETURNING convert_from(value, 'UTF8')::BIGINT
        """;

    public byte[]? Get(string join, string name) => server.RunPatiently(Unread, connection => Read(connection, join, name));

    public byte[]? GetAtOnce(string join, string name) => server.Run(Unread, connection => Read(connection, join, name));

    public void Set(string join, IReadOnlyDictionary<string, byte[]> values) =>
        Write(Insert + "DO UPDATE SET value = EXCLUDED.value", join, values);

    public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values) => Write(Insert + "DO NOTHING", join, values);

    public bool TryReplace(string join, string name, byte[]? expected, byte[] value) => expected is null
        ? TryAdd(join, new Dictionary<string, byte[]> { [name] = value })
        : server.RunPatiently("cannot be written", connection =>
        {
            using var command = Command(connection, Replace, join, name, value, expected);
            return command.ExecuteNonQuery() > 0;
        });

    public long NextGeneration(string join) => server.RunPatiently("cannot be written", connection =>
    {
        using var command = Command(connection, Increment, join, CatalogNames.Generation);
        return (long)command.ExecuteScalar()!;
    });

    bool Write(
        string sql, string join, IReadOnlyDictionary<string, byte[]> values) => server.RunPatiently("cannot be written", connection =>
    {
        using var transaction = connection.BeginTransaction();

        // In one order everywhere: two nodes that write the same values at once wait for each other once only.
        foreach (var (name, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            using var command = Command(connection, sql, join, name, value);
            if (command.ExecuteNonQuery() == 0)
                return false;
        }

        transaction.Commit();
        return true;
    });

    static byte[]? Read(NpgsqlConnection connection, string join, string name)
    {
        using var command = Command(connection, "SELECT value FROM akkajoin_join WHERE join_name = $1 AND name = $2", join, name);
        return command.ExecuteScalar() as byte[];
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
