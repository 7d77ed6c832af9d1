using AkkaJoin.Shards.Journal.Leases;
using Npgsql;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>
/// The lease as a row, timed by the server's clock alone. After a restart of the server it lasts its whole time to live
/// again: nobody could renew it while the server was away.
/// </summary>
sealed class PostgresLease(PostgresServer server) : IBootstrapLease
{
    const string Failed = "does not answer for the cluster's lease";
    const string Expiry = "GREATEST(akkajoin_cluster.renewed_at, pg_postmaster_start_time()) + akkajoin_cluster.ttl";

    const string Upsert = """
        INSERT INTO akkajoin_cluster (cluster_id, holder, renewed_at, ttl) VALUES ($1, $2, clock_timestamp(), $3)
        ON CONFLICT (one) DO UPDATE SET cluster_id = EXCLUDED.cluster_id, holder = EXCLUDED.holder, renewed_at = clock_timestamp(), ttl = EXCLUDED.ttl
        WHERE akkajoin_cluster.cluster_id = EXCLUDED.cluster_id
        """;

    public Task<LeaseAnswer> TryTakeAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default) =>
        WriteAsync($"{Upsert} OR {Expiry} < clock_timestamp()", clusterId, holder, timeToLive, cancellation);

    public Task<LeaseAnswer> RenewAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default) =>
        WriteAsync(Upsert, clusterId, holder, timeToLive, cancellation);

    public Task<LeaseState?> CurrentAsync(CancellationToken cancellation = default) =>
        server.RunAsync(Failed, connection => ReadAsync(connection, cancellation), cancellation);

    public Task ReleaseAsync(string clusterId, CancellationToken cancellation = default) => server.RunAsync(
        Failed,
        async connection =>
        {
            await using var command = new NpgsqlCommand("DELETE FROM akkajoin_cluster WHERE cluster_id = $1", connection);
            command.Parameters.Add(new NpgsqlParameter { Value = clusterId });
            return await command.ExecuteNonQueryAsync(cancellation);
        },
        cancellation);

    Task<LeaseAnswer> WriteAsync(
        string sql, string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation) => server.RunAsync(
        Failed,
        async connection =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(new NpgsqlParameter { Value = clusterId });
            command.Parameters.Add(new NpgsqlParameter { Value = holder });
            command.Parameters.Add(new NpgsqlParameter { Value = timeToLive });
            var isHeld = await command.ExecuteNonQueryAsync(cancellation) == 1;
            return new LeaseAnswer(isHeld, await ReadAsync(connection, cancellation));
        },
        cancellation);

    static async Task<LeaseState?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command =
            new NpgsqlCommand($"SELECT cluster_id, holder, {Expiry} - clock_timestamp() FROM akkajoin_cluster", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new LeaseState(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<TimeSpan>(2))
            : null;
    }
}
