using System.CommandLine;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Cli;

/// <summary>
/// The shape of every command that measures: it writes its report to standard output and, where --report and --json name files, to these.
/// How far it is goes to standard error. Its exit code is 2 where the report is not good.
/// </summary>
static class MeasuringCommand
{
    const int Bad = 2;

    internal static Command Create(string name, string description, IEnumerable<Option> options, Func<ParseResult, Task<BenchReport>> measure)
    {
        var (report, json) = (BenchOptions.Report(), BenchOptions.Json());
        var command = new Command(name, description);
        foreach (var option in (IEnumerable<Option>)[.. options, report, json])
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var result = await measure(parsed);
            var text = result.Text.ToString();
            await Console.Out.WriteAsync(text);
            if (parsed.GetValue(report) is { } file)
                await File.WriteAllTextAsync(file, text, cancellation);
            if (parsed.GetValue(json) is { } jsonFile)
                await File.WriteAllTextAsync(jsonFile, result.Json(), cancellation);
            return result.IsGood ? 0 : Bad;
        });
        return command;
    }
}
