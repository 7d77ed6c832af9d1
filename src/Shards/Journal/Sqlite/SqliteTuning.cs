using System.Data.Common;
using LinqToDB.Interceptors;

namespace AkkaJoin.Shards.Journal.Sqlite;

/// <summary>
/// What makes Akka.Persistence.Sql write groups to SQLite. Microsoft.Data.Sqlite is synchronous behind its asynchronous
/// methods, so the journal's stream would write each event in a transaction of its own; the forced yield before a
/// connection opens lets the events that wait gather. The pragmas belong to a connection and cannot stand in its
/// string.
/// </summary>
sealed class SqliteTuning(string pragmas) : ConnectionInterceptor
{
    public override async Task ConnectionOpeningAsync(
        ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken) =>
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        SqliteClock.Opened(eventData.DataConnection);
        Run(connection);
    }

    public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        ConnectionOpened(eventData, connection);
        return Task.CompletedTask;
    }

    void Run(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }
}
