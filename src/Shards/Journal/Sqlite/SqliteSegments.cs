using Microsoft.Data.Sqlite;

namespace AkkaJoin.Shards.Journal.Sqlite;

/// <summary>
/// The segments, in the snapshots' file. SQLite takes one writer at a time: so there is one connection for all that
/// write, and they wait for each other here and not in the file.
/// </summary>
sealed class SqliteSegments(string file) : ISnapshotSegments, IDisposable
{
    readonly Lock _lock = new();

    // Made for the first write, and anew after a failure.
    SqliteConnection? _connection;
    bool _isClosed;

    public void Write(string id, long sequence, int number, byte[] bytes, Incarnation? writer = null) => Change(
        "INSERT OR REPLACE INTO snapshot_chunk VALUES ($id, $sequence, $number, $bytes)",
        id,
        sequence,
        command =>
        {
            command.Parameters.AddWithValue("$number", number);
            command.Parameters.AddWithValue("$bytes", bytes);
        });

    public byte[]? Read(string id, long sequence, int number)
    {
        try
        {
            using var connection = SqliteSchema.Connect(file);
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT bytes FROM snapshot_chunk WHERE persistence_id = $id AND sequence_number = $sequence AND number = $number";
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$sequence", sequence);
            command.Parameters.AddWithValue("$number", number);
            return command.ExecuteScalar() as byte[];
        }
        catch (SqliteException e)
        {
            throw Failure("read", e);
        }
    }

    public void DeleteBelow(string id, long sequence) =>
        Change("DELETE FROM snapshot_chunk WHERE persistence_id = $id AND sequence_number < $sequence", id, sequence, _ => { });

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _connection?.Dispose();
            _connection = null;
        }
    }

    void Change(string sql, string id, long sequence, Action<SqliteCommand> complete)
    {
        lock (_lock)
        {
            try
            {
                if (_isClosed)
                    throw new JournalException($"the journal in {Path.GetDirectoryName(file)} is closed");
                _connection ??= SqliteSchema.Connect(file);
                using var command = _connection.CreateCommand();
                command.CommandText = sql;
                command.Parameters.AddWithValue("$id", id);
                command.Parameters.AddWithValue("$sequence", sequence);
                complete(command);
                command.ExecuteNonQuery();
            }
            catch (SqliteException e)
            {
                _connection?.Dispose();
                _connection = null;
                throw Failure("written", e);
            }
        }
    }

    JournalException Failure(string what, SqliteException e) =>
        new($"the snapshots in {Path.GetDirectoryName(file)} cannot be {what}: {e.Message}", e);
}
