using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Pipeline.Engine.Orders;

/// <summary>
/// Says every five minutes that a join does not read a side, so that nobody forgets it; and once, where a node of an
/// earlier release does not know it.
/// </summary>
/// <param name="order">What is asked of the join.</param>
/// <param name="olderMembers">The members that do not know what is asked.</param>
/// <param name="remind">Says that it is still asked.</param>
/// <param name="warnOfOlder">Names the members that do not know it.</param>
sealed class OrderReminder(
    Func<FlowOrder> order, Func<IReadOnlyList<string>> olderMembers, Action<FlowOrder> remind, Action<string> warnOfOlder)
{
    internal const long IntervalMs = 300_000;

    long _saidAtMs;
    FlowOrder _said = FlowOrder.None;
    string _older = "";

    /// <summary>Looks again.</summary>
    /// <param name="nowMs">Any clock that never goes back, ms.</param>
    internal void Look(long nowMs)
    {
        var asked = order();
        if (asked.Number != _said.Number)
            (_said, _saidAtMs) = (asked, nowMs); // the change itself was said
        if (asked.Number == 0)
            return;
        if (asked.HoldsAnything && nowMs - _saidAtMs >= IntervalMs)
        {
            _saidAtMs = nowMs;
            remind(asked);
        }

        var older = asked is { HoldsAnything: false, Rate: null } ? "" : string.Join(", ", olderMembers());
        if (older != _older && older.Length > 0)
            warnOfOlder(older);
        _older = older;
    }
}
