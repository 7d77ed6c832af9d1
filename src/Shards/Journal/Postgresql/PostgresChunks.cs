using Npgsql;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>The chunks, in the same database.</summary>
sealed class PostgresChunks(PostgresServer server) : ISnapshotChunks
{
    const string Upsert = """
        INSERT INTO snapshot_chunk VALUES ($1, $2, $3, $4) ON CONFLICT (persistence_id, sequence_number, number) DO UPDATE SET bytes = EXCLUDED.bytes
        """;

    public void Write(string id, long sequence, int number, byte[] bytes) => server.Run("cannot be written", connection =>
    {
        using var command = Command(connection, Upsert, id, sequence, number, bytes);
        return command.ExecuteNonQuery();
    });

    public byte[]? Read(string id, long sequence, int number) => server.Run("cannot be read", connection =>
    {
        const string select = "SELECT bytes FROM snapshot_chunk WHERE persistence_id = $1 AND sequence_number = $2 AND number = $3";
        using var command = Command(connection, select, id, sequence, number);
        return command.ExecuteScalar() as byte[];
    });

    public void DeleteBelow(string id, long sequence) => server.Run("cannot be written", connection =>
    {
        using var command = Command(connection, "DELETE FROM snapshot_chunk WHERE persistence_id = $1 AND sequence_number < $2", id, sequence);
        return command.ExecuteNonQuery();
    });

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
