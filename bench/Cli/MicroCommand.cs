using System.CommandLine;
using AkkaJoin.Bench.Micro;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace AkkaJoin.Bench.Cli;

/// <summary><c>micro</c>: the hot methods under BenchmarkDotNet, a short job in this process.</summary>
static class MicroCommand
{
    internal static Command Create()
    {
        var filter = new Option<string>("--filter") { Description = "Which benchmarks, such as *Probe*.", DefaultValueFactory = _ => "*" };
        var command = new Command(
            "micro",
            "The hot methods one by one: decode, batch encode, apply, probe, expire, snapshot, recover, latency of rows, figures of "
                + "time, silence, wake.") { filter };
        command.SetAction(parsed =>
        {
            BenchmarkSwitcher
                .FromTypes(
                [
                    typeof(DecodeBenchmarks), typeof(ApplyBenchmarks), typeof(StateBenchmarks), typeof(LatencyBenchmarks),
                    typeof(TimeFigureBenchmarks), typeof(IdleBenchmarks), typeof(WakeBenchmarks),
                ])
                .Run(["--filter", parsed.GetValue(filter)!], Config());
        });
        return command;
    }

    // In this process: a project that BenchmarkDotNet generates would be built under the repository's own rules, beside what is measured.
    static ManualConfig Config() => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .HideColumns(Column.Error, Column.RatioSD);
}
