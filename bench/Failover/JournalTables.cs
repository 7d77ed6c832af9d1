using AkkaJoin.Bench.Load;
using Npgsql;

namespace AkkaJoin.Bench.Failover;

/// <summary>The journal's tables as a recovery reads them.</summary>
static class JournalTables
{
    const string Sizes = """
        WITH newest AS (
          SELECT DISTINCT ON (persistence_id) persistence_id, sequence_number, octet_length(snapshot) AS bytes
          FROM snapshot WHERE persistence_id = ANY(@ids) ORDER BY persistence_id, sequence_number DESC)
        SELECT j.persistence_id, COALESCE(MAX(n.bytes), 0)::BIGINT, COALESCE(SUM(octet_length(j.message))
          FILTER (WHERE j.sequence_number > COALESCE(n.sequence_number, 0)), 0)::BIGINT, MAX(j.sequence_number)
        FROM journal j LEFT JOIN newest n USING (persistence_id)
        WHERE j.persistence_id = ANY(@ids) GROUP BY j.persistence_id
        """;

    const string FirstEvents = """
        SELECT j.persistence_id, MIN(j.created) FROM journal j JOIN unnest(@ids, @last) AS l(id, last) ON j.persistence_id = l.id
        WHERE j.sequence_number > l.last AND j.created > @since GROUP BY j.persistence_id
        """;

    /// <summary>Of each key group: the bytes of its newest snapshot, of the events since, and its last event.</summary>
    internal static async Task<Dictionary<int, (long Snapshot, long Journal, long Last)>> SizesAsync(NpgsqlConnection connection, IEnumerable<int> groups)
    {
        await using var command = new NpgsqlCommand(Sizes, connection);
        command.Parameters.AddWithValue("ids", groups.Select(Id).ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var sizes = new Dictionary<int, (long, long, long)>();
        while (await reader.ReadAsync())
            sizes.Add(Group(reader.GetString(0)), (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return sizes;
    }

    /// <summary>
    /// When each key group wrote its first event after a known one and since a moment, ms since the epoch: what a dying node had sent is
    /// older, and may be committed later. One that wrote none is left out.
    /// </summary>
    internal static async Task<Dictionary<int, long>> FirstEventsAsync(NpgsqlConnection connection, IReadOnlyDictionary<int, long> lastEvents, long sinceMs)
    {
        await using var command = new NpgsqlCommand(FirstEvents, connection);
        command.Parameters.AddWithValue("ids", lastEvents.Keys.Select(Id).ToArray());
        command.Parameters.AddWithValue("last", lastEvents.Values.ToArray());
        command.Parameters.AddWithValue("since", sinceMs * TimeSpan.TicksPerMillisecond + DateTime.UnixEpoch.Ticks);
        await using var reader = await command.ExecuteReaderAsync();
        var first = new Dictionary<int, long>();
        while (await reader.ReadAsync())
            first.Add(Group(reader.GetString(0)), UnixMs(reader.GetInt64(1)));
        return first;
    }

    static string Id(int group) => FormattableString.Invariant($"akkajoin-{JoinText.Name}-{group}");

    static int Group(string id) => int.Parse(id.AsSpan(id.LastIndexOf('-') + 1), System.Globalization.CultureInfo.InvariantCulture);

    // Akka.Persistence.Sql writes ticks.
    static long UnixMs(long created) => (created - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
}
