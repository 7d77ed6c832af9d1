using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// The join as SQL, written from the rules and not from the code that it validates. Tables: src (every decoded record),
/// late, dead, bad (what the topics say of source records), filtered (records that a filter leaves out), found (rows
/// that came out), superseded (rows whose place later ones took), then rec (one row per identity), pair, and expected.
/// </summary>
sealed class BatchJoinSql(JoinSettings join, ValidationScope scope)
{
    const int Uncertain = (int)Softness.Uncertain;

    readonly int _fields = Math.Max(join.LeftFields.Count, join.RightFields.Count);
    readonly int _filterFields = Math.Max(join.Left.Filter?.Fields.Count ?? 0, join.Right.Filter?.Fields.Count ?? 0);

    long Before => join.BeforeMs - (join.LowerInclusive ? 0 : 1);

    long After => join.AfterMs - (join.UpperInclusive ? 0 : 1);

    internal string Tables => $"""
        {WhereSql.Macros}
        CREATE TABLE src(side UTINYINT, n BIGINT, key BLOB, time BIGINT, id BLOB, hash BIGINT, part INTEGER, off BIGINT, ahead BOOLEAN
            {Columns(_fields, WhereSql.Columns)}{FilterColumns});
        CREATE TABLE late(side UTINYINT, part INTEGER, off BIGINT);
        CREATE TABLE dead(side UTINYINT, part INTEGER, off BIGINT);
        CREATE TABLE bad(side UTINYINT, part INTEGER, off BIGINT, reason VARCHAR, time BIGINT{FilterColumns});
        CREATE TABLE filtered(side UTINYINT, part INTEGER, time BIGINT, ahead BOOLEAN);
        CREATE TABLE superseded(id BIGINT);
        CREATE TABLE found(id BIGINT, hash BIGINT, n BIGINT, event BIGINT);
        CREATE TABLE expected(hash BIGINT, l BIGINT, r BIGINT, required BOOLEAN, strict BOOLEAN, why INTEGER);
        """;

    /// <summary>One row per record, copies of an id one; an id with two times or values has one per variant.</summary>
    internal string Records => $"""
        {Filter(Side.Left)}
        {Filter(Side.Right)}
        CREATE TABLE marked AS
            SELECT s.*, l.off IS NOT NULL AS late, d.off IS NOT NULL AS dead,
                CASE WHEN s.time < {scope.From} OR s.time >= {scope.To} THEN {(int)Softness.Outside} ELSE 0 END AS outside
            FROM src s
            LEFT JOIN (SELECT DISTINCT * FROM late) l ON l.side = s.side AND l.part = s.part AND l.off = s.off
            LEFT JOIN (SELECT DISTINCT * FROM dead) d ON d.side = s.side AND d.part = s.part AND d.off = s.off;
        CREATE TABLE identity AS
            SELECT side, key, id, min(n) AS n, count(*) AS copies,
                min(time) <> max(time) OR min(hash) <> max(hash) AS conflict,
                CASE WHEN bool_or(late) THEN {(int)Softness.Late} ELSE 0 END
                + CASE WHEN bool_and(dead) THEN {(int)Softness.DeadLetter} ELSE 0 END
                + CASE WHEN bool_and(ahead) THEN {(int)Softness.Ahead} ELSE 0 END AS soft
            FROM marked WHERE id IS NOT NULL GROUP BY side, key, id;
        CREATE TABLE rec AS
            SELECT {RecordColumns}, (CASE WHEN late THEN {(int)Softness.Late} ELSE 0 END
                + CASE WHEN dead THEN {(int)Softness.DeadLetter} ELSE 0 END
                + CASE WHEN ahead THEN {(int)Softness.Ahead} ELSE 0 END + outside) AS soft
            FROM marked m WHERE m.id IS NULL
            UNION ALL
            SELECT {RecordColumns}, i.soft + outside FROM marked m JOIN identity i ON m.n = i.n WHERE NOT i.conflict
            UNION ALL
            SELECT {RecordColumns}, i.soft + outside + {(int)Softness.Conflict}
            FROM marked m JOIN identity i ON m.side = i.side AND m.key IS NOT DISTINCT FROM i.key AND m.id = i.id AND i.conflict
            QUALIFY row_number() OVER (PARTITION BY m.side, m.key, m.id, m.time, m.hash ORDER BY m.part, m.off) = 1;
        """;

    /// <summary>
    /// The pairs: keys alike and not null, the right's time in the window with both bounds in it, the conditions
    /// fulfilled.
    /// </summary>
    internal string Pairs => $"""
        CREATE TABLE pair AS
            SELECT l.n AS l, r.n AS r, l.soft AS lsoft, r.soft AS rsoft, l.time AS ltime, l.id AS lid, l.part AS lpart, l.off AS loff,
                r.time AS rtime, r.id AS rid, r.part AS rpart, r.off AS roff
            FROM (SELECT * FROM rec WHERE side = 0) l JOIN (SELECT * FROM rec WHERE side = 1) r
                ON l.key = r.key AND r.time >= l.time - ({Before}) AND r.time <= l.time + ({After})
            {(join.Where is null ? "" : "WHERE " + WhereSql.Of(join.Where))};
        CREATE TABLE partners AS
            SELECT n, count(*) AS every, count(*) FILTER ((soft & {Uncertain}) = 0) AS certain, bit_or(soft) AS soft
            FROM (SELECT l AS n, rsoft AS soft FROM pair UNION ALL SELECT r, lsoft FROM pair) GROUP BY n;
        """;

    /// <summary>
    /// The watermarks' parts: the highest event time per partition of the records that the join has read.
    /// </summary>
    internal static string HighestTimes => """
        SELECT side, part, max(time) FROM (
            SELECT side, part, time FROM marked WHERE NOT ahead AND NOT dead
            UNION ALL SELECT side, part, time FROM filtered WHERE NOT ahead AND time IS NOT NULL)
        GROUP BY side, part
        """;

    /// <summary>The times of the records that the join has read, of each partition in the order of its log.</summary>
    internal static string TimesInOrder =>
        "SELECT side, part, time FROM marked WHERE NOT ahead AND NOT dead ORDER BY side, part, off";

    /// <summary>
    /// The rows of all types but attribution, as (l, r, required, strict, why), in the order of the records.
    /// </summary>
    internal string Rows(long? leftWatermark, long? rightWatermark)
    {
        var rows = "SELECT l, r, (lsoft | rsoft) = 0 AS required, TRUE AS strict, lsoft | rsoft AS why FROM pair";
        if (join.Type is JoinType.Left or JoinType.Full)
            rows += " UNION ALL " + Unmatched(Side.Left, rightWatermark);
        if (join.Type is JoinType.Right or JoinType.Full)
            rows += " UNION ALL " + Unmatched(Side.Right, leftWatermark);
        return $"SELECT * FROM ({rows}) ORDER BY coalesce(l, r), r";
    }

    /// <summary>
    /// What may come out of an attribution for each right: (r, soft, required if certain, l, whether the batch gives it
    /// this left, whether it certainly takes it, whether it may), in the order of the lefts.
    /// </summary>
    internal string Attributions(long? leftWatermark, long? rightWatermark)
    {
        var first = join.Credit == Credit.First;
        var due = $"rec.key IS NULL OR (({Reached(leftWatermark, "rec.time", Before)})"
            + (first ? $" AND ({Reached(rightWatermark, "rec.time", 0)}))" : ")");
        // A left has no other fate than that of its rights, and a right shares its lefts with rights at both ends of
        // the window.
        var reach = Math.Max(Before + After, 0) + Math.Max(Math.Abs(Before), Math.Abs(After));
        var order = "ORDER BY rtime, rid, rpart, roff";
        return $"""
            WITH ranked AS (
                SELECT *, row_number() OVER (PARTITION BY l {order}) AS rank,
                    coalesce(bool_or((rsoft & {Uncertain}) <> 0) OVER (PARTITION BY l), FALSE) AS contested,
                    coalesce(count(*) FILTER ((rsoft & {Uncertain}) = 0) OVER (PARTITION BY l {order}
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS certainly_before
                FROM pair),
            taken AS (
                SELECT *, (lsoft & {Uncertain}) <> 0 AS unsure, {(first ? "rank = 1" : "TRUE")} AS strict,
                    {(first
                        ? $"(lsoft & {Uncertain}) = 0 AND NOT contested AND rank = 1"
                        : $"((lsoft | rsoft) & {Uncertain}) = 0")} AS certain,
                    {(first
                        ? $"(lsoft & {Uncertain}) <> 0 OR (contested AND certainly_before = 0)"
                        : $"((lsoft | rsoft) & {Uncertain}) <> 0")} AS possible
                FROM ranked)
            SELECT rec.n, rec.soft, {due} AS due,
                rec.time - {reach} >= {scope.From} AND rec.time + {reach} < {scope.To} AS inside,
                t.l, t.strict, t.certain, t.possible, t.lsoft
            FROM rec LEFT JOIN taken t ON t.r = rec.n AND (t.strict OR t.certain OR t.possible)
            WHERE rec.side = 1
            ORDER BY rec.n, t.ltime, t.lid, t.lpart, t.loff
            """;
    }

    /// <summary>The lefts of an attribution that nothing takes.</summary>
    internal string Untaken(long? rightWatermark) => Unmatched(Side.Left, rightWatermark) + " ORDER BY l";

    /// <summary>
    /// Per distinct row that is not superseded: how often it was found, must be, may be, and is in the batch join. An
    /// id that is superseded stays so, however often it comes.
    /// </summary>
    internal static string Compared => $"""
        CREATE TABLE came AS
            SELECT min(n) AS n, id, hash FROM found WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM superseded)
            GROUP BY id, hash
            UNION ALL SELECT n, id, hash FROM found WHERE id IS NULL;
        CREATE TABLE compared AS
            SELECT hash, coalesce(f, 0) AS f, coalesce(required, 0) AS required, coalesce(every, 0) AS every, coalesce(strict, 0) AS strict,
                coalesce(why, 0) AS why
            FROM (SELECT hash, count(*) AS f FROM came GROUP BY hash) FULL JOIN
                (SELECT hash, count(*) FILTER (required) AS required, count(*) AS every,
                    count(*) FILTER (strict) AS strict, bit_or(why) AS why
                 FROM expected GROUP BY hash) USING (hash);
        """;

    /// <summary>
    /// How many row numbers of the journal (key group, event, index) several rows have under different ids. A journal
    /// gives each number once, whichever of its incarnations writes.
    /// </summary>
    internal static string SharedNumbers =>
        "SELECT count(*) FROM (SELECT event FROM found WHERE event IS NOT NULL GROUP BY event HAVING count(DISTINCT id) > 1)";

    /// <summary>How many rows came out, each id counted once, and how many of these are superseded.</summary>
    internal static string Distinct => "SELECT (SELECT count(*) FROM (SELECT DISTINCT id, hash FROM found WHERE id IS NOT NULL)) "
        + "+ (SELECT count(*) FROM found WHERE id IS NULL)";

    internal static string Superseded =>
        "SELECT count(*) FROM (SELECT DISTINCT id, hash FROM found WHERE id IN (SELECT id FROM superseded))";

    /// <summary>Rows that must come out and did not.</summary>
    internal static string Missing => """
        SELECT e.l, e.r FROM expected e JOIN compared c ON e.hash = c.hash AND c.required > c.f WHERE e.required
        QUALIFY row_number() OVER (PARTITION BY e.hash ORDER BY e.l, e.r) <= c.required - c.f ORDER BY e.l, e.r
        """;

    /// <summary>Rows that came out and may not.</summary>
    internal static string Extra => """
        SELECT e.n FROM came e JOIN compared c ON e.hash = c.hash AND c.f > c.every
        QUALIFY row_number() OVER (PARTITION BY e.hash ORDER BY e.n DESC) <= c.f - c.every ORDER BY e.n
        """;

    /// <summary>Differences from the batch join that may be, by their reason.</summary>
    internal static string Explained => """
        SELECT why, sum(greatest(strict - f, 0) - greatest(required - f, 0) + greatest(least(f, every) - strict, 0))::BIGINT
        FROM compared WHERE f <> strict GROUP BY why
        """;

    // The fields that a filter reads, and whether they could be read.
    string FilterColumns => join.Left.Filter is null && join.Right.Filter is null
        ? "" : Columns(_filterFields, WhereSql.Columns.Replace(", ", ", f", StringComparison.Ordinal)) + ", readable BOOLEAN";

    string RecordColumns =>
        "m.side, m.n, m.key, m.time, coalesce(m.id, ''::BLOB) AS id, m.part, "
        + $"m.off{Columns(_fields, string.Concat(WhereSql.Kinds.Select(kind => $", m.{kind}#")))}";

    // What does not pass is no record of the join, whether it can be decoded or not.
    string Filter(Side side)
    {
        if (join.Source(side).Filter is not { } filter)
            return "";
        var kept = $"side = {(int)side} AND readable AND NOT {WhereSql.OfFilter(filter.Condition)}";
        return $"""
            INSERT INTO filtered SELECT side, part, time, ahead FROM src WHERE {kept};
            INSERT INTO filtered SELECT side, part, time, FALSE FROM bad WHERE {kept};
            DELETE FROM src WHERE {kept};
            DELETE FROM bad WHERE {kept};
            """;
    }

    static string Columns(int count, string pattern) => string.Concat(
        Enumerable.Range(0, count).Select(
            i => pattern.Replace("#", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));

    /// <summary>Records without a partner, or whose partners may all have come too late for them.</summary>
    string Unmatched(Side side, long? watermark)
    {
        var (low, high) = side == Side.Left ? (Before, After) : (After, Before);
        var closed = $"rec.key IS NULL OR ({Reached(watermark, "rec.time", high)})";
        var inside = $"rec.time - ({low}) >= {scope.From} AND rec.time + ({high}) < {scope.To}";
        var records = side == Side.Left ? "rec.n AS l, NULL::BIGINT AS r" : "NULL::BIGINT AS l, rec.n AS r";
        return $"""
            SELECT {records}, rec.soft = 0 AND p.n IS NULL AND ({closed}) AND {inside} AS required, p.n IS NULL AS strict,
                rec.soft | coalesce(p.soft, 0) | CASE WHEN {closed} THEN 0 ELSE {(int)Softness.Open} END AS why
            FROM rec LEFT JOIN partners p ON p.n = rec.n
            WHERE rec.side = {(int)side} AND coalesce(p.certain, 0) = 0
            """;
    }

    static string Reached(long? watermark, string time, long distance) =>
        watermark is { } w ? $"{w} > {time} + ({distance})" : "FALSE";
}
