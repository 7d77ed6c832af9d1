using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Scenarios;

public sealed class ScenarioTests : IDisposable
{
    const string Join = """{"type": "full", "before": 0, "after": 10}""";
    const string EndOfInput = """{"watermark": {"left": 9007199254740991, "right": 9007199254740991}}""";
    readonly string _directory = Directory.CreateTempSubdirectory("akkajoin-scenario").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_examples_of_the_documentation_come_out_as_they_expect()
    {
        var (code, output) = Run(Path.Combine(AppContext.BaseDirectory, "Scenarios", "examples.jsonl"));
        Assert.True(code == ExitCodes.Good, output);
    }

    [Fact]
    public void The_results_hold_rows_steps_and_late_ids()
    {
        var (code, results) = Results(Case(
            """{"in": "left", "partition": 0, "key": "k", "time": 100, "value": {"n": 1.50}, "id": "a"}""",
            """{"watermark": {"left": 200}}""",
            """{"ignored": true}""",
            """{"in": "left", "partition": 1, "key": "k", "time": 105, "value": null, "id": 7}""",
            """{"in": "right", "partition": 9, "key": "k", "time": 106, "value": "é", "id": "r"}"""));
        Assert.Equal(ExitCodes.Good, code);
        Assert.Equal(
            """
            {"name":"case","rows":[{"left":{"n":1.50},"right":"é","step":4},{"left":7,"right":"é","step":4}],"late":[7]}

            """,
            results);
    }

    [Fact]
    public void What_comes_out_at_the_end_counts_as_the_last_step()
    {
        var (_, results) = Results(Case("""{"in": "left", "key": "k", "time": 1, "value": "l"}""", """{"note": ""}"""));
        Assert.Contains("""{"left":"l","right":null,"step":1}""", results, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_is_told_and_ends_with_2()
    {
        var file = Write(Case(
            """{"in": "left", "key": "k", "time": 1, "value": "l"}""", EndOfInput, """{"expect": [{"left": "x", "right": null}]}"""));
        var (code, output) = Run(file);
        Assert.Equal(ExitCodes.NotExact, code);
        Assert.Contains("""step 2: missing     {"left":"x","right":null}""", output, StringComparison.Ordinal);
        Assert.Contains("""step 2: unexpected  {"left":"l","right":null,"step":1}""", output, StringComparison.Ordinal);
        Assert.Contains("1 case: 0 as expected, 1 differ, 0 refused", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_compared_as_multisets()
    {
        const string record = """{"in": "left", "key": null, "time": 1, "value": "l"}""";
        const string row = """{"left": "l", "right": null}""";
        Assert.Equal(ExitCodes.Good, Run(Write(Case(record, record, $$"""{"expect": [{{row}}, {{row}}]}"""))).Code);
        Assert.Equal(ExitCodes.NotExact, Run(Write(Case(record, record, $$"""{"expect": [{{row}}]}"""))).Code);
        Assert.Equal(ExitCodes.NotExact, Run(Write(Case(record, $$"""{"expect": [{{row}}, {{row}}]}"""))).Code);
    }

    [Fact]
    public void A_watermark_reaches_partitions_that_have_not_been_seen()
    {
        var (_, results) = Results(Case(
            """{"in": "left", "partition": 0, "key": "k", "time": 100, "value": "l"}""",
            """{"watermark": {"left": 50, "right": 111}}""",
            """{"in": "right", "partition": 5, "key": "other", "time": 110, "value": "r", "id": "late"}"""));
        Assert.Contains("""{"left":"l","right":null,"step":1}""", results, StringComparison.Ordinal);
        Assert.Contains("""late":["late"]""", results, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("""{"join": {}, "steps": []}""", "\"name\" is missing")]
    [InlineData("""{"name": 5, "join": {}, "steps": []}""", "\"name\" is 5")]
    [InlineData("""{"name": "n", "steps": []}""", "\"join\" is missing")]
    [InlineData("""{"name": "n", "join": {"type": "outer", "before": 0, "after": 0}, "steps": []}""", "not one of inner, left")]
    [InlineData("""{"name": "n", "join": {"type": "Inner", "before": 0, "after": 0}, "steps": []}""", "not one of inner, left")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "after": 0}, "steps": []}""", "\"before\" is missing")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 1, "after": -2}, "steps": []}""", "before + after is -1")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0.5, "after": 0}, "steps": []}""", "not a whole number")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0, "after": 9007199254740992}, "steps": []}""", "outside")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0, "after": 0, "dedup": 1}, "steps": []}""", "not true or false")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0, "after": 0, "residual": {}}, "steps": []}""", "not a list")]
    [InlineData(
        """{"name": "n", "join": {"type": "inner", "before": 0, "after": 0, "residual": [{"op": "like", "a": {}, "b": {}}]}, "steps": []}""",
        "not one of lt")]
    [InlineData(
        """{"name": "n", "join": {"type": "inner", "before": 0, "after": 0, "residual": [{"op": "lt", "a": {}, "b": {}}]}, "steps": []}""",
        "none of left, right, const")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0, "after": 0}}""", "\"steps\" is missing")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0, "after": 0}, "steps": [{"in": "up", "time": 1}]}""", "step 0")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0, "after": 0}, "steps": [{"in": "left"}]}""", "\"time\" is missing")]
    [InlineData(
        """{"name": "n", "join": {"type": "inner", "before": 0, "after": 0}, "steps": [{"in": "left", "time": 9007199254740992}]}""",
        "outside")]
    [InlineData(
        """{"name": "n", "join": {"type": "inner", "before": 0, "after": 0}, "steps": [{"in": "left", "time": 1, "partition": -1}]}""",
        "\"partition\" is -1")]
    [InlineData("""{"name": "n", "join": {"type": "inner", "before": 0, "after": 0}, "steps": [{"watermark": {"left": "x"}}]}""", "step 0")]
    [InlineData(
        """{"name": "n", "join": {"type": "inner", "before": 0, "after": 0}, "steps": [{"in": "left", "time": 1, "value": "\ud800"}]}""",
        "Unicode")]
    public void A_case_that_makes_no_sense_is_refused_with_its_line_and_stops_no_other(string line, string reason)
    {
        var good = Case("""{"in": "left", "key": null, "time": 1, "value": "l"}""");
        var file = Write(good, "", line, good);
        var resultsFile = Path.Combine(_directory, "results");
        var (code, output) = Run(file, "--out", resultsFile);
        Assert.Equal(ExitCodes.NotExact, code);
        Assert.Contains($"refused  {file}:3: ", output, StringComparison.Ordinal);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Contains("3 cases: 2 as expected, 0 differ, 1 refused", output, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(resultsFile).Length);
    }

    [Fact]
    public void Conditions_beyond_the_limits_of_where_are_refused()
    {
        var condition = """{"op": "lt", "a": {"left": "x"}, "b": {"right": "x"}}""";
        var many = string.Join(",", Enumerable.Repeat(condition, 65));
        var (code, output) = Run(Write(
            $$"""{"name": "n", "join": {"type": "inner", "before": 0, "after": 0, "residual": [{{many}}]}, "steps": []}"""));
        Assert.Equal(ExitCodes.NotExact, code);
        Assert.Contains("more than 64 conditions", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "bounds": "[)", "where": "left.n.a < right.n", "left.id": "id", "late": {"policy": "drop"} """, false)]
    [InlineData(""" "upperInclusive": false, "residual": [{"op": "lt", "a": {"left": "m"}, "b": {"right": "n"}}], "dedup": true, "latePolicy": "drop" """, true)]
    public void Older_names_mean_the_same_and_are_noted_once(string keys, bool older)
    {
        var file = Write(Enumerable.Repeat(
            $$$"""
            {"name": "n", "join": {"type": "inner", "before": 0, "after": 10, {{{keys}}}}, "steps": [
            {"in": "left", "key": "k", "time": 100, "value": "l", "id": 1, "n": {"a": 1}, "m": 1}, {"in": "left", "key": "k", "time": 100, "value": "l", "id": 1, "n": {"a": 1}, "m": 1},
            {"in": "right", "key": "k", "time": 109, "value": "r", "n": 2}, {"in": "right", "key": "k", "time": 110, "value": "r", "n": 2}, {"in": "right", "key": "k", "time": 109, "value": "s", "n": 1},
            {"watermark": {"right": 109}}, {"in": "right", "key": "k", "time": 108, "value": "r", "n": 2}, {"expect": [{"left": "l", "right": "r"}]}]}
            """.ReplaceLineEndings(" "), 2).ToArray());
        var (code, output) = Run(file);
        Assert.True(code == ExitCodes.Good, output);
        const string note =
            "note: older names are still read; write bounds for upperInclusive; where for residual; left.id, right.id for dedup; "
            + "late.policy for latePolicy";
        Assert.Equal(older ? 1 : 0, output.Split(note).Length - 1);
    }

    [Fact]
    public void The_result_as_JSON_names_every_case()
    {
        var (code, output) = Run(Write(Case(EndOfInput), "{"), "--json");
        Assert.Equal(ExitCodes.NotExact, code);
        Assert.StartsWith("""{"cases":2,"good":1,"different":0,"refused":1,"results":[{"name":"case",""", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_ends_with_1_and_no_file_with_64()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Failed, await CommandLine.RunAsync(["scenario", "none.jsonl"], TextWriter.Null, error));
        Assert.Contains("none.jsonl cannot be read", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(["scenario"], TextWriter.Null, error));
    }

    static string Case(params string[] steps) => $$"""{"name": "case", "join": {{Join}}, "steps": [{{string.Join(", ", steps)}}]}""";

    string Write(params string[] lines)
    {
        var file = Path.Combine(_directory, "cases.jsonl");
        File.WriteAllLines(file, lines);
        return file;
    }

    (int Code, string Results) Results(params string[] lines)
    {
        var results = Path.Combine(_directory, "results.jsonl");
        var (code, _) = Run(Write(lines), "--out", results);
        return (code, File.ReadAllText(results));
    }

    static (int Code, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        var code = CommandLine.RunAsync(["scenario", .. arguments], output, output).GetAwaiter().GetResult();
        return (code, output.ToString());
    }
}
