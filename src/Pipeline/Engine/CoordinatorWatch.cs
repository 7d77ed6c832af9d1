using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Notices that the key groups have no coordinator, though this node is the oldest, has to run it, and reaches all
/// others. This happens after a rare sequence: this node was frozen and the others gave it up; one of them asked it for
/// the coordinator, and died before this node heard of either. Akka's singleton has then been handed over to nobody,
/// and waits for a change that does not come. Without a coordinator, a key group that stopped does not start again.
/// <para>
/// It counts looks instead of time: while a process is frozen, time passes without a look.
/// </para>
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="region">The region of the key groups.</param>
/// <param name="role">The role of the nodes that run the join; null = all do.</param>
sealed class CoordinatorWatch(Cluster cluster, ICanTell region, string? role)
{
    /// <summary>
    /// How many looks, a second apart, may find none. A new oldest node has its coordinator after about five.
    /// </summary>
    internal const int UnansweredMax = 30;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan FirstLookAgainAfter = TimeSpan.FromMilliseconds(50);
    int _unanswered;

    /// <summary>How many looks in a row found none.</summary>
    internal int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Whether so many looks found none that only a restart of this node helps.</summary>
    internal bool IsLost => Unanswered > UnansweredMax;

    /// <summary>Asks the coordinator whether it is there; the answer counts at one of the next looks.</summary>
    internal void Look()
    {
        if (MustRunIt())
            Interlocked.Increment(ref _unanswered);
        else
            Volatile.Write(ref _unanswered, 0);
        region.Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience).ContinueWith(
            answer =>
            {
                // A region that knows no coordinator answers for it, with nothing.
                if (answer.IsCompletedSuccessfully && answer.Result.Regions.Count > 0)
                    Volatile.Write(ref _unanswered, 0);
            },
            TaskScheduler.Default);
    }

    /// <summary>
    /// Waits until the coordinator answers for the first time. The region buffers messages until then, and does not
    /// keep their order.
    /// </summary>
    /// <param name="limit">The longest wait. A coordinator that has not answered by then is no failure.</param>
    /// <param name="stopping">Gives up.</param>
    internal async Task FirstAnswerAsync(TimeSpan limit, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        ending.CancelAfter(limit);
        try
        {
            while ((await region.Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience, ending.Token)).Regions.Count == 0)
                await Task.Delay(FirstLookAgainAfter, ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or AskTimeoutException)
        {
            // The looks will find out.
        }
    }

    bool MustRunIt()
    {
        var state = cluster.State;
        if (state.Unreachable.Count > 0)
            return false;
        var oldest = state.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting
                && (role is null || member.HasRole(role)))
            .Order(Member.AgeOrdering)
            .FirstOrDefault();
        return oldest is { Status: MemberStatus.Up } && oldest.UniqueAddress.Equals(cluster.SelfUniqueAddress);
    }
}
