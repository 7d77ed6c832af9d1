using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Explain.Reasons;

/// <summary>Reasons that lie in two records alone: their keys, their times, and <c>where</c>.</summary>
static class PairReasons
{
    /// <summary>Why the two can make no pair; null = they can.</summary>
    internal static Answer? Of(JoinSettings join, JoinDefinition definition, InputRecord left, InputRecord right) =>
        OfKeys(left, right) ?? OfTimes(join, definition, left, right) ?? OfWhere(join, left, right);

    static Answer? OfKeys(InputRecord left, InputRecord right)
    {
        var (a, b) = (left.Key!, right.Key!);
        if (a.AsSpan().SequenceEqual(b))
            return null;
        var hint = KeyHints.Of(a, b);
        return Answer.Inferred(
            ExplainReason.KeysDiffer,
            $"The keys differ: {Names.Of(left)} has {Names.Key(a)}, {Names.Of(right)} has {Names.Key(b)}"
                + (hint is null ? "." : $"; {hint}."),
            new Evidence(Names.Position(left), $"the key is {Names.Hex(a)}"),
            new Evidence(Names.Position(right), $"the key is {Names.Hex(b)}"));
    }

    static Answer? OfTimes(JoinSettings join, JoinDefinition definition, InputRecord left, InputRecord right)
    {
        var apart = right.Time - left.Time;
        var (first, last) = (-definition.BeforeMs, definition.AfterMs);
        if (apart >= first && apart <= last)
            return null;
        var pair = $"{Names.Sentence(Names.WithKey(left))} and {Names.WithTime(right)} lie {Names.Span(apart)} apart";
        if (first > last)
            return Answer.Inferred(ExplainReason.OutsideWindow, pair + "; the window is empty.", Times(left), Times(right));
        var isBeyond = apart > last;
        var missed = Names.Span(isBeyond ? apart - last : first - apart);
        var isOpen = isBeyond ? !join.UpperInclusive : !join.LowerInclusive;
        var open = isOpen ? " (bounds leaves the end itself out)" : "";
        return Answer.Inferred(
            ExplainReason.OutsideWindow,
            $"{pair}; {(isBeyond ? Bound(last, "ends") : Bound(first, "begins"))}{open}. They miss it by {missed}.",
            Times(left),
            Times(right));
    }

    // Where a bound lies, seen from the left.
    static string Bound(long ms, string verb) => (ms, verb) switch
    {
        ( >= 0, "ends") => $"the window allows {Names.Span(ms)} after",
        ( <= 0, "begins") => $"the window allows {Names.Span(ms)} before",
        ( > 0, _) => $"the window {verb} {Names.Span(ms)} after the left",
        _ => $"the window {verb} {Names.Span(ms)} before the left",
    };

    static Evidence Times(InputRecord record) => new(Names.Position(record), $"the event time is {Text.TimeText.Iso(record.Time)}");

    static Answer? OfWhere(JoinSettings join, InputRecord left, InputRecord right)
    {
        if (join.Where is not { } where || where.Holds(left.Fields, right.Fields))
            return null;
        var failure = ConditionCheck.FailureOfWhere(where, join.LeftFields, join.RightFields, left.Fields, right.Fields);
        return Answer.Inferred(
            ExplainReason.WhereFalse,
            $"Key and time of {Names.WithKey(left)} and {Names.WithTime(right)} match, but where does not hold: {failure}.",
            new Evidence("where", Shards.Conditions.WhereParser.Format(where, join.LeftFields, join.RightFields)));
    }
}
