using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// What the watermarks mean for the times of what is held. A record is closed when its time is below <c>Close</c> of its side, its id
/// is forgotten when its time is below <c>Forget</c>. With W the watermarks and [left - before, left + after] the window:
/// <code>
/// left closed:    W_right > time + after                 right closed:  W_left > time + before
/// attribution, a right is due:                            W_left > time + before and, for credit = first, W_right > time
/// id forgotten:   closed, and W_own > time, and where late records join: W_own > time + before + after and
///                 W_other > time + after (a left), time + before (a right), W_left > time + 2 before + after (a right, attribution)
/// attribution, a left besides: W_left > time + before + after (until then a held right may have it)
/// </code>
/// One millisecond less of the id's memory gives a pair twice
/// (PairRuleTests.The_id_of_a_left_is_remembered_until_no_partner_of_it_can_be_held and its like).
/// </summary>
readonly struct JoinThresholds
{
    internal JoinThresholds(JoinDefinition join, in SideWatermarks w)
    {
        var (before, after) = (join.BeforeMs, join.AfterMs);
        var attribution = join.Type == JoinType.Attribution;
        var latesJoin = join.Late == LatePolicy.Join;
        var span = Math.Max(0, before + after);

        LeftClose = w.Right - after;
        RightClose = w.Left - before;
        if (attribution && join.Credit == Credit.First)
            RightClose = Math.Min(RightClose, w.Right);

        LeftForget = LeftClose;
        RightForget = RightClose;
        if (attribution)
            LeftForget = Math.Min(LeftForget, w.Left - span);
        if (join.Left.Deduplicates)
            LeftForget = Math.Min(LeftForget, latesJoin ? w.Left - span : w.Left);
        if (join.Right.Deduplicates)
            RightForget = Math.Min(RightForget, latesJoin ? w.Right - span : w.Right);
        if (join.Right.Deduplicates && latesJoin && attribution)
            RightForget = Math.Min(RightForget, w.Left - (2 * before) - after);
    }

    internal long LeftClose { get; }

    internal long RightClose { get; }

    internal long LeftForget { get; }

    internal long RightForget { get; }

    internal long Close(Side side) => side == Side.Left ? LeftClose : RightClose;

    internal long Forget(Side side) => side == Side.Left ? LeftForget : RightForget;
}
