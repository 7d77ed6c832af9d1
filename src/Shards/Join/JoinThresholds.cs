using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// What the watermarks mean for the times of buffered records. The window of a record is closed when its time is below
/// <c>ClosedBefore</c> of its side; no partner comes any more when it is below <c>JoinableFrom</c>; the record is
/// forgotten, its id too, when it is below <c>ForgottenBefore</c>. With W the watermarks, [left - before, left + after]
/// the window, and H the horizon, which is W, but with <c>late.policy = repair</c> W - repair-for
/// (<see cref="JoinState.Horizon"/>):
/// <code>
/// a left is closed:      W_right > time + after
/// a right is closed:     W_left > time + before; attribution with credit = first: W_right > time too
///
/// no partner comes:      the same of H instead of W
///
/// forgotten:             no partner comes
///   a left of an attribution besides:      H_left > time + before + after (until then a buffered right may take it)
///   with an id besides:                    H_own > time
///   with an id, where late records join:   W_own > time + before + after
///   and there a right of an attribution:   W_left > time + 2 before + after
/// </code>
/// An example, before = 0 and after = 10, W_left = 120, W_right = 131: lefts below 121 and rights below 120 are closed.
/// With repair-for = 50 lefts from 71 on and rights from 70 on may still get a partner. One millisecond less of the
/// id's memory gives a pair twice (PairRuleTests.The_id_of_a_left_is_remembered_until_no_partner_of_it_can_be_held and
/// its like).
/// </summary>
readonly struct JoinThresholds
{
    internal JoinThresholds(JoinDefinition join, in SideWatermarks w, in SideWatermarks horizon)
    {
        var (before, after) = (join.BeforeMs, join.AfterMs);
        var attribution = join.Type == JoinType.Attribution;
        var latesJoin = join.Late == LatePolicy.Join;
        var span = Math.Max(0, before + after);
        var h = horizon;

        LeftClosedBefore = w.Right - after;
        RightClosedBefore = w.Left - before;
        LeftJoinableFrom = h.Right - after;
        RightJoinableFrom = h.Left - before;
        if (attribution && join.Credit == Credit.First)
        {
            RightClosedBefore = Math.Min(RightClosedBefore, w.Right);
            RightJoinableFrom = Math.Min(RightJoinableFrom, h.Right);
        }

        LeftForgottenBefore = LeftJoinableFrom;
        RightForgottenBefore = RightJoinableFrom;
        if (attribution)
            LeftForgottenBefore = Math.Min(LeftForgottenBefore, h.Left - span);
        if (join.Left.Deduplicates)
            LeftForgottenBefore = Math.Min(LeftForgottenBefore, latesJoin ? h.Left - span : h.Left);
        if (join.Right.Deduplicates)
            RightForgottenBefore = Math.Min(RightForgottenBefore, latesJoin ? h.Right - span : h.Right);
        if (join.Right.Deduplicates && latesJoin && attribution)
            RightForgottenBefore = Math.Min(RightForgottenBefore, h.Left - (2 * before) - after);
    }

    internal long LeftClosedBefore { get; }

    internal long RightClosedBefore { get; }

    internal long LeftJoinableFrom { get; }

    internal long RightJoinableFrom { get; }

    internal long LeftForgottenBefore { get; }

    internal long RightForgottenBefore { get; }
}
