using System.Globalization;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// Translates conditions to SQL over the typed columns of both sides: per field # a tag t# (<see cref="FieldType"/>),
/// for a number i# (where it is whole), exponent x#, digits c# and the double next to it d#, for a text s#. Comparing
/// is a macro of SQL, and what is neither true nor false is SQL's NULL, so that the validator shares no code with what
/// it validates.
/// </summary>
static class WhereSql
{
    /// <summary>The kinds of columns that a field has.</summary>
    internal const string Kinds = "tixcds";

    /// <summary>The columns of field #; each kind but the tag may be NULL.</summary>
    internal const string Columns = ", t# UTINYINT, i# BIGINT, x# INTEGER, c# HUGEINT, d# DOUBLE, s# BLOB";

    /// <summary>compare(the columns of a, the same of b): -1, 0 or 1, or NULL where they cannot be compared.</summary>
    internal const string Macros = """
        CREATE MACRO compare_same(a, b) AS CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END;
        CREATE MACRO compare_doubles(a, b) AS CASE WHEN isnan(a) OR isnan(b) THEN NULL ELSE compare_same(a, b) END;
        CREATE MACRO compare_mixed(i, n, d) AS CASE
            WHEN isnan(d) THEN NULL
            WHEN i IS NULL THEN compare_doubles(n, d)
            WHEN d >= 9223372036854775808::DOUBLE THEN -1
            WHEN d < -9223372036854775808::DOUBLE THEN 1
            WHEN i < TRY_CAST(trunc(d) AS BIGINT) THEN -1
            WHEN i > TRY_CAST(trunc(d) AS BIGINT) THEN 1
            WHEN d > trunc(d) THEN -1
            WHEN d < trunc(d) THEN 1
            ELSE 0 END;
        CREATE MACRO sign_of(c) AS CASE WHEN c < 0 THEN -1 WHEN c > 0 THEN 1 ELSE 0 END;
        CREATE MACRO compare_decimals(xa, ca, xb, cb) AS CASE
            WHEN sign_of(ca) <> sign_of(cb) THEN compare_same(sign_of(ca), sign_of(cb))
            WHEN xa <> xb THEN sign_of(ca) * compare_same(xa, xb)
            ELSE compare_same(ca, cb) END;
        CREATE MACRO compare(ta, ia, xa, ca, da, sa, tb, ib, xb, cb, db, sb) AS CASE
            WHEN ta IN (1, 2) AND tb IN (1, 2) THEN compare_same(ta, tb)
            WHEN ta = 6 AND tb = 6 THEN compare_decimals(xa, ca, xb, cb)
            WHEN ta = 4 AND tb = 4 THEN compare_doubles(da, db)
            WHEN ta = 6 AND tb = 4 THEN compare_mixed(ia, da, db)
            WHEN ta = 4 AND tb = 6 THEN -compare_mixed(ib, db, da)
            WHEN ta = 5 AND tb = 5 THEN compare_same(sa, sb) END;
        """;

    /// <summary>An expression over the rows l and r that is true where the condition holds, else false.</summary>
    internal static string Of(Condition condition) => Whole(condition, field => $"{(field.Side == Side.Left ? "l" : "r")}.#{field.Index}");

    /// <summary>The same of a filter, over the columns of one row that begin with f.</summary>
    internal static string OfFilter(Condition condition) => Whole(condition, field => $"f#{field.Index}");

    static string Whole(Condition condition, Func<FieldOperand, string> column) => $"coalesce({Of(condition, column)}, FALSE)";

    static string Of(Condition condition, Func<FieldOperand, string> column) => condition switch
    {
        AllOf all => List(all.Conditions, " AND ", "TRUE", column),
        AnyOf any => List(any.Conditions, " OR ", "FALSE", column),
        Not not => $"(NOT {Of(not.Condition, column)})",
        Comparison c => $"(compare({Of(c.A, column)}, {Of(c.B, column)}) {Symbol(c.Operator)} 0)",
        OneOf o => $"(0 IN ({string.Join(", ", o.Values.Select(value => $"compare({Of(o.A, column)}, {Of(value, column)})"))}))",
        IsNull n => $"({Of(n.A, column).Split(", ")[0]} = 0)",
        _ => throw new NotSupportedException(condition.GetType().Name),
    };

    static string List(IReadOnlyList<Condition> conditions, string word, string empty, Func<FieldOperand, string> column) =>
        conditions.Count == 0 ? empty : "(" + string.Join(word, conditions.Select(c => Of(c, column))) + ")";

    static string Of(Operand operand, Func<FieldOperand, string> column)
    {
        if (operand is FieldOperand field)
        {
            var name = column(field);
            return string.Join(", ", Kinds.Select(kind => name.Replace('#', kind)));
        }

        var value = SqlField.Of(((ConstantOperand)operand).Value);
        var (whole, exponent, digits, real) = ("NULL::BIGINT", "NULL::INTEGER", "NULL::HUGEINT", "NULL::DOUBLE");
        if (value.Type == FieldType.Number)
        {
            whole = value.Number.Int64 is { } i ? $"('{i}')::BIGINT" : whole;
            (exponent, digits, real) = ($"({value.Number.Exponent})", $"('{value.Number.Digits}')::HUGEINT", Real(value.Number.Nearest));
        }
        else if (value.Type == FieldType.Double)
        {
            real = Real(value.Double);
        }

        var text = value.Text is null ? "NULL::BLOB" : $"from_hex('{Convert.ToHexString(value.Text)}')";
        return $"{(int)value.Type}, {whole}, {exponent}, {digits}, {real}, {text}";
    }

    static string Real(double value) => $"('{value.ToString("R", CultureInfo.InvariantCulture)}')::DOUBLE";

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
