using System.Globalization;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Judging;

/// <summary>
/// Translates conditions to SQL over the typed columns of both sides: per field i a tag ti (<see cref="FieldType"/>), and ii, di or si.
/// Comparing is a macro of SQL, so that the judge shares no code with what it judges.
/// </summary>
static class WhereSql
{
    /// <summary>compare(tag, int, double, text of a; the same of b): -1, 0 or 1, or NULL where they cannot be compared.</summary>
    internal const string Macros = """
        CREATE MACRO compare_mixed(i, d) AS CASE
            WHEN isnan(d) THEN NULL
            WHEN d >= 9223372036854775808::DOUBLE THEN -1
            WHEN d < -9223372036854775808::DOUBLE THEN 1
            WHEN i < TRY_CAST(trunc(d) AS BIGINT) THEN -1
            WHEN i > TRY_CAST(trunc(d) AS BIGINT) THEN 1
            WHEN d > trunc(d) THEN -1
            WHEN d < trunc(d) THEN 1
            ELSE 0 END;
        CREATE MACRO compare_same(a, b) AS CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END;
        CREATE MACRO compare(ta, ia, da, sa, tb, ib, db, sb) AS CASE
            WHEN ta IN (1, 2) AND tb IN (1, 2) THEN compare_same(ta, tb)
            WHEN ta = 3 AND tb = 3 THEN compare_same(ia, ib)
            WHEN ta = 4 AND tb = 4 THEN compare_same(da, db)
            WHEN ta = 3 AND tb = 4 THEN compare_mixed(ia, db)
            WHEN ta = 4 AND tb = 3 THEN -compare_mixed(ib, da)
            WHEN ta = 5 AND tb = 5 THEN compare_same(sa, sb) END;
        """;

    /// <summary>An expression over the rows l and r that is true where the condition holds, else false.</summary>
    internal static string Of(Condition condition) => Of(condition, field => $"{(field.Side == Side.Left ? "l" : "r")}.#{field.Index}");

    /// <summary>The same of a filter, over the columns of one row that begin with f.</summary>
    internal static string OfFilter(Condition condition) => Of(condition, field => $"f#{field.Index}");

    static string Of(Condition condition, Func<FieldOperand, string> column) => condition switch
    {
        AllOf all => List(all.Conditions, " AND ", "TRUE", column),
        AnyOf any => List(any.Conditions, " OR ", "FALSE", column),
        Comparison c => $"coalesce(compare({Of(c.A, column)}, {Of(c.B, column)}) {Symbol(c.Operator)} 0, FALSE)",
        _ => throw new NotSupportedException(condition.GetType().Name),
    };

    static string List(IReadOnlyList<Condition> conditions, string word, string empty, Func<FieldOperand, string> column) =>
        conditions.Count == 0 ? empty : "(" + string.Join(word, conditions.Select(c => Of(c, column))) + ")";

    static string Of(Operand operand, Func<FieldOperand, string> column)
    {
        if (operand is FieldOperand field)
        {
            var name = column(field);
            return string.Join(", ", "tids".Select(kind => name.Replace('#', kind)));
        }

        var value = ((ConstantOperand)operand).Value;
        var number = value.Type == FieldType.Int64 ? $"('{value.Int64}')::BIGINT" : "NULL::BIGINT";
        var real = value.Type == FieldType.Double ? $"('{value.Double.ToString("R", CultureInfo.InvariantCulture)}')::DOUBLE" : "NULL::DOUBLE";
        var text = value.Type == FieldType.Text ? $"from_hex('{Convert.ToHexString(value.Text)}')" : "NULL::BLOB";
        return $"{(int)value.Type}, {number}, {real}, {text}";
    }

    static string Symbol(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };
}
