using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host;

/// <summary>Says in one sentence what a join does.</summary>
static class JoinSentence
{
    /// <summary>
    /// "take-rate: inner join of impressions with plays, right.time in [left.time - 0 s, left.time + 10 min]".
    /// </summary>
    public static string Describe(JoinSettings join)
    {
        var kind = join.Type.ToString().ToLowerInvariant();
        var opening = join.LowerInclusive ? '[' : '(';
        var closing = join.UpperInclusive ? ']' : ')';
        return $"{join.Name}: {kind} join of {join.Left.Topic} with {join.Right.Topic}, "
            + $"right.time in {opening}left.time {Moved(-join.BeforeMs, '-')}, left.time {Moved(join.AfterMs, '+')}{closing}"
            + (join.Where is { } where ? $", where {WhereParser.Format(where, join.LeftFields, join.RightFields)}" : "")
            + Filter("lefts", join.Left) + Filter("rights", join.Right);
    }

    static string Filter(string side, SourceSettings source) => source.Filter is { } filter ? $"; {side} where {filter.Text}" : "";

    static string Moved(long ms, char signOfZero)
    {
        var sign = ms == 0 ? signOfZero : ms < 0 ? '-' : '+';
        return $"{sign} {Durations.Show(Math.Abs(ms))}";
    }
}
