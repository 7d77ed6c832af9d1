namespace AkkaJoin.Shards.Journal.Leases;

/// <summary>
/// The lease of a journal that one process has for itself by other means, as the lock file of SQLite: it never expires.
/// </summary>
sealed class SoleNodeLease : IBootstrapLease
{
    readonly Lock _lock = new();
    LeaseState? _current;

    public Task<LeaseAnswer> TryTakeAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            _current ??= new LeaseState(clusterId, holder, TimeSpan.MaxValue);
            return Task.FromResult(new LeaseAnswer(_current.ClusterId == clusterId, _current));
        }
    }

    public Task<LeaseAnswer> RenewAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default) =>
        TryTakeAsync(clusterId, holder, timeToLive, cancellation);

    public Task<LeaseState?> CurrentAsync(CancellationToken cancellation = default)
    {
        lock (_lock)
            return Task.FromResult(_current);
    }

    public Task ReleaseAsync(string clusterId, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            if (_current?.ClusterId == clusterId)
                _current = null;
        }

        return Task.CompletedTask;
    }
}
