using System.Globalization;
using System.Text;
using Npgsql;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>The tables: made where they are missing, by one node at a time, and checked at every start.</summary>
static class PostgresSchema
{
    /// <summary>The file that makes the tables; it lies beside the program and in its sources.</summary>
    internal const string File = "postgresql.sql";

    /// <summary>The version of the tables that this program makes and uses.</summary>
    internal const int Version = 1;

    // Held while tables are made: of several nodes that start for the first time one makes them and the others wait.
    // "akkajoin" in ASCII.
    const long CreationLock = 0x616b6b616a6f696e;

    // By the name of each trigger, its table. The last is of the newest release: where it is missing the tables are
    // older, and the file has to run again.
    static readonly (string Table, string Name)[] Fences =
    [
        ("journal", "journal_fence"),
        ("snapshot", "snapshot_fence"),
        ("journal", "journal_deletion_fence"),
        ("snapshot", "snapshot_deletion_fence"),
        ("snapshot_chunk", "snapshot_chunk_deletion_fence"),
    ];

    static readonly string[] Tables = ["journal", "tags", "snapshot", "snapshot_chunk", "akkajoin_join", "akkajoin_cluster"];

    /// <summary>The statements of <see cref="File"/>.</summary>
    internal static string Script { get; } = ReadScript();

    /// <summary>Makes the tables where they are not there and may be made.</summary>
    /// <exception cref="JournalException">They are not as needed; the message says what to do.</exception>
    internal static void Ensure(NpgsqlConnection connection, PostgresOptions options, string place)
    {
        var version = FindVersion(connection, options.Schema);
        if (version is null)
        {
            RefuseUnlessMayCreate(options, place);
            using var transaction = connection.BeginTransaction();
            version = Create(connection, options, place);
            transaction.Commit();
        }

        CheckVersion(version, place);
        if (!HasTrigger(connection, Fences[^1].Table, Fences[^1].Name))
        {
            using var transaction = connection.BeginTransaction();
            Upgrade(connection, options, place);
            transaction.Commit();
        }

        Check(connection, place);
    }

    /// <summary>
    /// As <see cref="Ensure"/>, and undoes what it made; what is there is written to, and that undone too.
    /// </summary>
    /// <returns>Whether the tables are there.</returns>
    /// <exception cref="JournalException">They are not as needed; the message says what to do.</exception>
    internal static bool Try(NpgsqlConnection connection, PostgresOptions options, string place)
    {
        using var transaction = connection.BeginTransaction();
        var version = FindVersion(connection, options.Schema);
        var isThere = version is not null;
        if (version is null)
        {
            RefuseUnlessMayCreate(options, place);
            version = Create(connection, options, place);
        }

        CheckVersion(version, place);
        if (!HasTrigger(connection, Fences[^1].Table, Fences[^1].Name))
            Upgrade(connection, options, place);
        Check(connection, place);
        Execute(connection, "UPDATE akkajoin_join SET value = value WHERE join_name = ''");
        transaction.Rollback();
        return isThere;
    }

    static void RefuseUnlessMayCreate(PostgresOptions options, string place)
    {
        if (!options.CreateSchema)
            throw new JournalException(Missing(place, "its tables are not there, and akkajoin.postgresql.create-schema is off"));
    }

    static void CheckVersion(int? version, string place)
    {
        if (version != Version)
        {
            throw new JournalException(
                $"the journal in {place} has tables of version {version}; this program knows version {Version}. "
                + (version > Version
                    ? "A newer akkajoin made them: use that one."
                    : "They are of an older release: see its notes on how to upgrade."));
        }
    }

    /// <summary>Whether tables of any version are there.</summary>
    internal static bool IsThere(NpgsqlConnection connection, string schema) => FindVersion(connection, schema) is not null;

    // Asks the table of tables: to_regclass would answer from what this connection learned before it waited for the
    // lock.
    static int? FindVersion(NpgsqlConnection connection, string schema)
    {
        var table = "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            + $"WHERE n.nspname = '{schema}' AND c.relname = 'akkajoin_join'";
        if (Scalar(connection, table) is null)
            return null;
        var value =
            Scalar(connection, "SELECT convert_from(value, 'UTF8') FROM akkajoin_join WHERE join_name = '' AND name = 'schema-version'");
        return value is string text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
    }

    // Within a transaction.
    static int? Create(NpgsqlConnection connection, PostgresOptions options, string place)
    {
        Execute(connection, $"SELECT pg_advisory_xact_lock({CreationLock})");
        if (FindVersion(connection, options.Schema) is { } made)
            return made;
        if (Tables.FirstOrDefault(table => Exists(connection, options.Schema, table)) is { } foreign)
        {
            throw new JournalException(
                $"the tables of the journal cannot be made in {place}: there is a table {foreign}, and it is another program's. Use "
                + "another database, or another schema (akkajoin.postgresql.schema).");
        }

        try
        {
            if (Scalar(connection, $"SELECT to_regnamespace('{options.Schema}')::TEXT") is not string)
                Execute(connection, $"CREATE SCHEMA {options.Schema}");
            Execute(connection, Script);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateFunction)
        {
            throw new JournalException(
                $"the tables of the journal cannot be made in {place}: {e.MessageText}. Another program's tables are there; use another "
                + "database, or another schema (akkajoin.postgresql.schema).",
                e);
        }

        return FindVersion(connection, options.Schema);
    }

    // Within a transaction. The nodes of the release before write on meanwhile: they know nothing of the fences that
    // are added, and break none.
    static void Upgrade(NpgsqlConnection connection, PostgresOptions options, string place)
    {
        if (!options.CreateSchema)
            throw new JournalException(
                Missing(place, "its triggers are of an older release, and akkajoin.postgresql.create-schema is off"));
        Execute(connection, $"SELECT pg_advisory_xact_lock({CreationLock})");
        try
        {
            Execute(connection, Script);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new JournalException(
                Missing(place, $"its triggers are of an older release, and the user may not replace them ({e.MessageText})"), e);
        }
    }

    static bool HasTrigger(NpgsqlConnection connection, string table, string name) => Scalar(
        connection,
        $"SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass('{table}') AND tgname = '{name}' AND tgenabled IN ('O', 'A')") is not null;

    static bool Exists(NpgsqlConnection connection, string schema, string table) => Scalar(
        connection,
        $"SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{schema}' AND c.relname = "
        + $"'{table}'") is not null;

    // By hand or by a restore of some tables alone, one of them or the fence may be missing.
    static void Check(NpgsqlConnection connection, string place)
    {
        foreach (var table in Tables)
        {
            if (Scalar(connection, $"SELECT to_regclass('{table}')::TEXT") is null)
                throw new JournalException(Missing(place, $"the table {table} is not there"));
            foreach (var right in new[] { "SELECT", "INSERT", "UPDATE", "DELETE" })
            {
                if (Scalar(connection, $"SELECT has_table_privilege('{table}', '{right}')") is not true)
                    throw new JournalException(
                        $"the journal in {place}: the user may not {right} in the table {table}. Grant SELECT, INSERT, UPDATE, DELETE on "
                        + $"{string.Join(", ", Tables)}.");
            }
        }

        foreach (var (table, name) in Fences)
        {
            if (!HasTrigger(connection, table, name))
                throw new JournalException(
                    Missing(place, $"the trigger {name} is not there or disabled: two nodes could write the same event"));
        }
    }

    static string Missing(string place, string what) =>
        $"the journal in {place}: {what}. Let the owner run {File}, which lies beside the program "
        + $"({Path.Combine(AppContext.BaseDirectory, File)}).";

    static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        var value = command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    static string ReadScript()
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream("AkkaJoin.Shards." + File)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
