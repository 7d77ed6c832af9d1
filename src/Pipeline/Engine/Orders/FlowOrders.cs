using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine.Orders;

/// <summary>
/// What is asked of a join, as this node knows it. It is read before the join reads its first record. From then on it
/// is read again twice a second, so every node knows it within a second, whoever was asked and whatever message was
/// lost; a node that is told that it changed reads at once.
/// <para>
/// Invariant. What the node knows never goes back to a lower number. A catalogue that has a lower one was rolled back:
/// what it has gets a higher number, and counts.
/// </para>
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="inbox">Brings it to the router.</param>
/// <param name="clockMs">The join's clock, ms since the epoch: by it pauses end.</param>
sealed class FlowOrders(FlowOrderStore store, RouterInbox inbox, Func<long> clockMs)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    readonly Lock _gate = new();
    volatile FlowOrder _current = FlowOrder.None;

    /// <summary>What this node knows.</summary>
    internal FlowOrder Current => _current;

    /// <summary>The join's clock, ms since the epoch.</summary>
    internal long NowMs => clockMs();

    /// <summary>
    /// Told of each change, in order, and why the catalogue could not be read; null = it can be again. It does not
    /// block.
    /// </summary>
    internal Action<FlowOrder> Changed { get; init; } = static _ => { };

    /// <inheritdoc cref="Changed"/>
    internal Action<string?> Unread { get; init; } = static _ => { };

    /// <summary>
    /// Reads it before the join begins: as <see cref="Read()"/>, and waits for a database that is away.
    /// </summary>
    /// <inheritdoc cref="Read()"/>
    internal FlowOrder Begin() => Read(store.Read);

    /// <summary>Reads it. A pause or a rest that has ended is taken out. Blocks.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    /// <exception cref="UserException">A later release wrote it.</exception>
    internal FlowOrder Read() => Read(store.ReadAtOnce);

    FlowOrder Read(Func<FlowOrder> read)
    {
        var known = _current.Number;
        var order = read();
        if (order.Number < known)
            order = store.Outrank(known, clockMs()); // the journal was rolled back, and what was asked with it
        if (order != order.WithoutEnded(clockMs()))
            order = store.Change(now => now.WithoutEnded(clockMs()), clockMs());
        Learn(order);
        return _current;
    }

    /// <summary>Reads it again and again.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var isUnread = false;
        while (!stopping.IsCancellationRequested)
        {
            await Pause.ForAsync(Interval, stopping);
            try
            {
                await Task.Run(Read, CancellationToken.None);
                if (isUnread)
                    Unread(null);
                isUnread = false;
            }
            catch (Exception e) when (e is JournalException or UserException)
            {
                if (!isUnread && !stopping.IsCancellationRequested)
                    Unread(e.Message);
                isUnread = true;
            }
        }
    }

    void Learn(FlowOrder order)
    {
        lock (_gate)
        {
            if (order.Number < _current.Number || order == _current)
                return;
            _current = order;
            inbox.Post((router, now) => router.Obey(order, now));

            // Within the lock: of two changes the newer one is told last.
            Changed(order);
        }
    }
}
