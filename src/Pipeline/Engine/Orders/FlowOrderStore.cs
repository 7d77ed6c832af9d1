using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine.Orders;

/// <summary>
/// What is asked of a join, as the journal's catalogue has it. All calls block on the database.
/// <para>
/// Invariant. Each change has the number after the one that it was made of: of two that change it at once, one changes
/// what the other wrote.
/// </para>
/// </summary>
/// <param name="catalog">The journal's catalogue.</param>
/// <param name="join">The join's name.</param>
sealed class FlowOrderStore(IJoinCatalog catalog, string join)
{
    /// <summary>What is asked of it now.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    /// <exception cref="UserException">A later release wrote the order.</exception>
    internal FlowOrder Read() => Read(catalog.Get(join, CatalogNames.FlowOrder));

    /// <summary>As <see cref="Read()"/>, and does not wait for a database that is away.</summary>
    /// <inheritdoc cref="Read()"/>
    internal FlowOrder ReadAtOnce() => Read(catalog.GetAtOnce(join, CatalogNames.FlowOrder));

    /// <summary>Changes it.</summary>
    /// <param name="change">Makes the new order of the one that is there; its number is set here.</param>
    /// <param name="nowMs">The join's clock, ms since the epoch.</param>
    /// <returns>What is asked of it from now on; unchanged where the change changes nothing.</returns>
    /// <inheritdoc cref="Read()"/>
    internal FlowOrder Change(Func<FlowOrder, FlowOrder> change, long nowMs)
    {
        while (true)
        {
            var bytes = catalog.Get(join, CatalogNames.FlowOrder);
            var before = Read(bytes);
            var after = change(before) with { Number = before.Number };
            if (after == before)
                return before;
            after = after.After(before, nowMs);
            if (catalog.TryReplace(join, CatalogNames.FlowOrder, bytes, FlowOrderCodec.Write(after)))
                return after;
        }
    }

    /// <summary>
    /// Gives what is asked a number above one that was given before the catalogue was rolled back. So all who know that
    /// one take what the catalogue has.
    /// </summary>
    /// <param name="number">The highest number that is known.</param>
    /// <param name="nowMs">The join's clock, ms since the epoch.</param>
    /// <inheritdoc cref="Read()"/>
    internal FlowOrder Outrank(long number, long nowMs)
    {
        while (true)
        {
            var bytes = catalog.Get(join, CatalogNames.FlowOrder);
            var order = Read(bytes);
            if (order.Number > number)
                return order;
            order = order.Above(number, nowMs);
            if (catalog.TryReplace(join, CatalogNames.FlowOrder, bytes, FlowOrderCodec.Write(order)))
                return order;
        }
    }

    FlowOrder Read(byte[]? bytes)
    {
        try
        {
            return bytes is null ? FlowOrder.None : FlowOrderCodec.Read(bytes);
        }
        catch (MalformedBatchException e)
        {
            throw new UserException(
                $"join '{join}': what was asked of it (pause, rest, rate) cannot be read: {e.Message}. Start the release that wrote it, "
                    + "resume the join there, and start this one again",
                1);
        }
    }
}
