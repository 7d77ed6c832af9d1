using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Akka.Event;

namespace AkkaJoin.Host.Administration;

/// <summary>
/// The administration port of a node: <see cref="AdminProtocol"/> over TCP, for this machine alone. Whoever may run programs here may ask; nobody
/// else reaches it.
/// </summary>
sealed class AdminPort : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly AdminQueries _queries;
    readonly AdminLimits _limits;
    readonly ILoggingAdapter _log;
    readonly CancellationTokenSource _stopping = new();

    // The connections that are open. Added to by the accepting task alone, so that the limit holds.
    readonly ConcurrentDictionary<AdminConnection, Task> _connections = new();
    readonly Task _accepting;

    AdminPort(TcpListener listener, AdminQueries queries, AdminLimits limits, ILoggingAdapter log)
    {
        _listener = listener;
        _log = log;
        _queries = queries;
        _limits = limits;
        Address = (IPEndPoint)listener.LocalEndpoint;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    internal IPEndPoint Address { get; }

    /// <summary>Listens; null where the port is taken, which is said and stops nothing.</summary>
    /// <param name="port">The port; 0 = any that is free, null = none.</param>
    /// <param name="queries">What is answered.</param>
    /// <param name="log">The node's log.</param>
    /// <param name="limits">What is taken at most; null = the usual.</param>
    internal static AdminPort? Start(int? port, AdminQueries queries, ILoggingAdapter log, AdminLimits? limits = null)
    {
        if (port is null)
            return null;
        var listener = new TcpListener(IPAddress.Loopback, port.Value);
        try
        {
            listener.Start();
            return new AdminPort(listener, queries, limits ?? AdminLimits.Standard, log);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            HostLog.NoAdminPort(log, port.Value, e);
            return null;
        }
    }

    /// <summary>Closes the port and every connection. An answer that does not heed the stop holds it up no longer than the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        try
        {
            await Task.WhenAll([_accepting, .. _connections.Values]).WaitAsync(_limits.StopTimeout);
            _stopping.Dispose();
        }
        catch (TimeoutException)
        {
            HostLog.AdminConnectionsLeft(_log, _connections.Count);
        }
    }

    async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Begin(await _listener.AcceptSocketAsync(_stopping.Token));
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // One that was given up before it was taken; or there are no handles left, and at once there would be none either.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _stopping.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }

    void Begin(Socket socket)
    {
        var connection = new AdminConnection(socket, _queries, _limits);
        if (_connections.Count >= _limits.ConnectionsMax)
        {
            _ = connection.RefuseAsync($"there are {_limits.ConnectionsMax} connections already", _stopping.Token);
            return;
        }

        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = running.Task;
        _ = ServeAsync(connection, running);
    }

    async Task ServeAsync(AdminConnection connection, TaskCompletionSource running)
    {
        try
        {
            await connection.ServeAsync(_stopping.Token);
        }
        catch (Exception e)
        {
            // Nobody foresaw it; its place is given back all the same, or sixteen of them would be the end of the port.
            HostLog.AdminConnectionFailed(_log, e);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            running.SetResult();
        }
    }
}
