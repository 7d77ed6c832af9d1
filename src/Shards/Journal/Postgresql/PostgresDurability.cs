using Npgsql;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>What a server must do for an acknowledged event to be there after a power cut.</summary>
static class PostgresDurability
{
    /// <summary>Refuses a server that acknowledges what it may lose, as our own connections see it.</summary>
    /// <exception cref="JournalException">It does; the message names the setting.</exception>
    internal static void Check(NpgsqlConnection connection, string place)
    {
        Refuse(
            connection,
            place,
            "synchronous_commit",
            "events would be acknowledged before they are on disk: a crash of the server could take back events whose rows are out and "
            + "whose offsets are committed. "
            + "Set it to on for the database or the user of akkajoin (ALTER ROLE ... SET synchronous_commit = on), "
            + "or take it out of the connection string's Options");
        Refuse(connection, place, "fsync", "a power cut could destroy the journal. Set it to on in postgresql.conf");
        Refuse(connection, place, "full_page_writes", "a power cut could leave pages half written. Set it to on in postgresql.conf");
        if (Show(connection, "transaction_read_only") == "on")
        {
            throw new JournalException(
                $"the journal in {place} is read-only: this is a standby, or default_transaction_read_only is on. Connect to the primary "
                + "(of several hosts: Target Session Attributes=primary).");
        }
    }

    static void Refuse(NpgsqlConnection connection, string place, string setting, string why)
    {
        if (Show(connection, setting) == "off")
            throw new JournalException($"the journal in {place} is refused: {setting} is off, so {why}.");
    }

    static string Show(NpgsqlConnection connection, string setting)
    {
        using var command = new NpgsqlCommand("SHOW " + setting, connection);
        return (string)command.ExecuteScalar()!;
    }
}
