using Npgsql;
using NpgsqlTypes;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>The segments, in the same database.</summary>
sealed class PostgresSegments(PostgresServer server) : ISnapshotSegments
{
    const string Upsert = """
        INSERT INTO snapshot_chunk SELECT $1, $2, $3, $4
        WHERE $5::BYTEA IS NULL OR EXISTS (
            SELECT 1 FROM journal WHERE persistence_id = $1 AND sequence_number = $2
                AND (substring(message FROM 1 FOR 1) < '\x02'::BYTEA OR substring(message FROM 6 FOR 8) = $5))
        ON CONFLICT (persistence_id, sequence_number, number) DO UPDATE SET bytes = EXCLUDED.bytes
        """;

    public void Write(
        string id,
        long sequence,
        int number,
        byte[] bytes,
        Incarnation? writer = null) => server.Run("cannot be written", connection =>
    {
        using var command = Command(connection, Upsert, id, sequence, number, bytes);
        command.Parameters.Add(
            new NpgsqlParameter { Value = writer is { } known ? known.ToBytes() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        return command.ExecuteNonQuery() == 1
            ? 1
            : throw new JournalException(
                $"a segment of the snapshot of {id} at event {sequence} was refused: that event is not in the journal any more");
    });

    public byte[]? Read(string id, long sequence, int number) => server.Run("cannot be read", connection =>
    {
        const string select = "SELECT bytes FROM snapshot_chunk WHERE persistence_id = $1 AND sequence_number = $2 AND number = $3";
        using var command = Command(connection, select, id, sequence, number);
        return command.ExecuteScalar() as byte[];
    });

    public void DeleteBelow(string id, long sequence) => server.Run("cannot be written", connection =>
    {
        using var command =
            Command(connection, "DELETE FROM snapshot_chunk WHERE persistence_id = $1 AND sequence_number < $2", id, sequence);
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
