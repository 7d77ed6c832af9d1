namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>How the journal's PostgreSQL is reached.</summary>
/// <param name="ConnectionString">Of Npgsql's form; holds the password.</param>
/// <param name="Schema">The PostgreSQL schema of the tables.</param>
/// <param name="CreateSchema">Whether tables that are missing are made.</param>
/// <param name="ConnectTimeout">How long the server may stay silent at the start.</param>
sealed record PostgresOptions(string ConnectionString, string Schema, bool CreateSchema, TimeSpan ConnectTimeout)
{
    /// <summary>The environment variable that holds the connection string where the configuration names none.</summary>
    public const string Variable = "AKKAJOIN_POSTGRESQL";

    /// <summary>The place, without user and password.</summary>
    public override string ToString() => PostgresServer.Describe(ConnectionString, Schema);
}
