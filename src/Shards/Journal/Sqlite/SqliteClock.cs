using AkkaJoin.Shards.Profiling;
using LinqToDB.Interceptors;

namespace AkkaJoin.Shards.Journal.Sqlite;

/// <summary>
/// Adds what SQLite does to the profile. Microsoft.Data.Sqlite does everything on the thread that calls, so a
/// connection is opened, used and closed on one; where that is not so, nothing is added.
/// </summary>
sealed class SqliteClock : IDataContextInterceptor
{
    [ThreadStatic]
    static object? _connection;

    [ThreadStatic]
    static long _sinceNs;

    /// <summary>A connection is open.</summary>
    internal static void Opened(object? connection)
    {
        if (!Profile.IsOn)
            return;
        _connection = connection;
        _sinceNs = ThreadClock.NowNs;
    }

    public void OnClosing(DataContextEventData eventData)
    {
    }

    public Task OnClosingAsync(DataContextEventData eventData) => Task.CompletedTask;

    public void OnClosed(DataContextEventData eventData)
    {
        if (_connection is null)
            return;
        if (ReferenceEquals(_connection, eventData.Context))
            Profile.Add(ProfileStage.Journal, ThreadClock.NowNs - _sinceNs);
        _connection = null;
    }

    public Task OnClosedAsync(DataContextEventData eventData)
    {
        OnClosed(eventData);
        return Task.CompletedTask;
    }
}
