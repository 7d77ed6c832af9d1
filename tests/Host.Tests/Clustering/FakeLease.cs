using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Leases;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>A lease that ends when the test says so, and whose database can be away.</summary>
sealed class FakeLease : IBootstrapLease
{
    readonly Lock _lock = new();
    LeaseState? _current;
    bool _isAway;
    int _refusals;
    int _failures;
    int _writes;

    /// <summary>The cluster that has it, whether or not it is in time.</summary>
    internal LeaseState? Current
    {
        get => Locked(() => _current);
        set => Locked(() => _current = value);
    }

    /// <summary>The database does not answer.</summary>
    internal bool IsAway
    {
        set => Locked(() => _isAway = value);
    }

    /// <summary>How often it was not given to who asked.</summary>
    internal int Refusals => Locked(() => _refusals);

    /// <summary>How often it was given or renewed.</summary>
    internal int Writes => Locked(() => _writes);

    /// <summary>How often it was asked while it was away.</summary>
    internal int Failures => Locked(() => _failures);

    public Task<LeaseAnswer> TryTakeAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default) =>
        Answer(() => Write(clusterId, holder, timeToLive, _current is null || _current.Remaining < TimeSpan.Zero || _current.ClusterId == clusterId));

    public Task<LeaseAnswer> RenewAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default) =>
        Answer(() => Write(clusterId, holder, timeToLive, _current is null || _current.ClusterId == clusterId));

    public Task<LeaseState?> CurrentAsync(CancellationToken cancellation = default) => Answer(() => _current);

    public Task ReleaseAsync(string clusterId, CancellationToken cancellation = default) => Answer(() => _current = _current?.ClusterId == clusterId ? null : _current);

    LeaseAnswer Write(string clusterId, string holder, TimeSpan timeToLive, bool isFree)
    {
        if (isFree)
            (_current, _writes) = (new LeaseState(clusterId, holder, timeToLive), _writes + 1);
        else
            _refusals++;
        return new LeaseAnswer(isFree, _current);
    }

    Task<T> Answer<T>(Func<T> work) => Locked(() => _isAway ? Task.FromException<T>(new JournalException($"away for the {++_failures}th time")) : Task.FromResult(work()));

    T Locked<T>(Func<T> work)
    {
        lock (_lock)
            return work();
    }
}
