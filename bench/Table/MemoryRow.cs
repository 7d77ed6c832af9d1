using System.Globalization;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Bench.State;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Table;

/// <summary>State in mapped files, with a third of the memory that it takes.</summary>
static class MemoryRow
{
    const double Mark = 3;
    const int Share = 3;

    internal static async Task<TableRow> MeasureAsync(TableContext context)
    {
        if (context.Options.MemoryCgroup is not { } parent)
            return Row(null, "not measured: --memory-cgroup names a cgroup in which one may be made");
        var (ratios, beside) = (new List<double>(), "");
        for (var i = 1; i <= context.Options.Runs; i++)
        {
            var free = (await ApplyAsync(context, null)).Sizes[0];
            using var cgroup = MemoryCgroup.TryCreate(parent, free.StateBytes / Share, out var problem);
            if (cgroup is null)
                return Row(null, $"not measured: no memory cgroup can be made in {parent}: {problem}");
            var (ns, failure) = await LimitedAsync(context, cgroup);
            ratios.Add(ns / free.SteadyMeanNs);
            beside = FormattableString.Invariant(
                $"{free.Records:N0} records, {free.StateBytes / 1048576.0:N0} MiB of state in {free.StateBytes / Share / 1048576.0:N0} MiB: {ns:F0} ns a record against {free.SteadyMeanNs:F0}{failure}");
            context.Say($"memory {i}: {beside}");
        }

        return Row(Spread.Of(ratios), beside);
    }

    // A process that the kernel ended is infinitely slow.
    static async Task<(double Ns, string Failure)> LimitedAsync(TableContext context, MemoryCgroup cgroup)
    {
        try
        {
            return ((await ApplyAsync(context, cgroup)).Sizes[0].SteadyMeanNs, "");
        }
        catch (UserException e)
        {
            return (double.PositiveInfinity, "; " + e.Message.Split('\n')[0]);
        }
    }

    static async Task<StateFigures> ApplyAsync(TableContext context, MemoryCgroup? cgroup)
    {
        var directory = Directory.CreateDirectory(Path.Combine(context.Directory.Root, "state")).FullName;
        try
        {
            return await StateRows.RunAsync(
                context, cgroup, ["--apply-only", "--state-directory", directory, "--records", context.Options.StateRecords.ToString(CultureInfo.InvariantCulture)]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    static TableRow Row(Spread? value, string beside) => new()
    {
        Group = TableGroups.Memory,
        Figure = "state at three times the memory it is given, times slower",
        Value = value,
        Mark = Mark,
        How = "`state` with its records in mapped files, in a memory cgroup of a third of what the key groups count, against the same without; mean of KeyGroup.Apply while as many records come as go",
        Beside = beside,
    };
}
