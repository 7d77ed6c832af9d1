using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>How often each term of <c>where</c> holds for pairs of a sample.</summary>
static class WhereAnalysis
{
    // Each term is evaluated for so many pairs.
    const int PairsMax = 100_000;

    internal static IReadOnlyList<TermReport> Of(JoinSettings join, SamplePairs pairs)
    {
        if (join.Where is null)
            return [];
        var tried = pairs.InWindow().Take(PairsMax).ToList();
        if (tried.Count == 0)
            tried = [.. pairs.Nearest(Side.Left)];
        var terms = join.Where is AllOf all ? all.Conditions : [join.Where];
        return [.. terms.Select(term => Report(join, term, tried)).OrderBy(term => term.Holds)];
    }

    static TermReport Report(JoinSettings join, Condition term, List<(SampleRecord Left, SampleRecord Right)> pairs)
    {
        var (holds, fails) = (0, 0);
        string? example = null;
        foreach (var (left, right) in pairs)
        {
            if (term.Holds(left.Fields, right.Fields))
            {
                holds++;
                continue;
            }

            if (term.Fails(left.Fields, right.Fields))
                fails++;
            example ??= Values(join, term, left, right);
        }

        return new TermReport(
            WhereParser.Format(term, join.LeftFields, join.RightFields), pairs.Count, holds, fails, pairs.Count - holds - fails, example);
    }

    // Such as "left.shop = 'a', right.shop is missing".
    static string Values(JoinSettings join, Condition term, SampleRecord left, SampleRecord right) => string.Join(
        ", ",
        Fields(term).Distinct().Select(field =>
        {
            var path = field.Side == Side.Left ? "left." + join.LeftFields[field.Index] : "right." + join.RightFields[field.Index];
            var value = field.Read(left.Fields, right.Fields);
            return value.Type switch
            {
                FieldType.Missing => path + " is missing",
                FieldType.Composite => path + " is an object or a list",
                _ => $"{path} = {WhereFormatter.Format(value)}",
            };
        }));

    static IEnumerable<FieldOperand> Fields(Condition condition) => condition switch
    {
        AllOf all => all.Conditions.SelectMany(Fields),
        AnyOf any => any.Conditions.SelectMany(Fields),
        Not not => Fields(not.Condition),
        Comparison comparison => new[] { comparison.A, comparison.B }.OfType<FieldOperand>(),
        OneOf oneOf => oneOf.Values.Prepend(oneOf.A).OfType<FieldOperand>(),
        IsNull isNull => new[] { isNull.A }.OfType<FieldOperand>(),
        _ => [],
    };
}
