namespace AkkaJoin.Bench.Measuring;

/// <summary>CPU of this process, all threads, user and system.</summary>
static class CpuMeter
{
    /// <summary>What an action costs, s. The garbage of what went before is collected first.</summary>
    internal static double Measure(Action action)
    {
        Collect();
        var before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    /// <summary>As <see cref="Measure"/>, of something that other threads do.</summary>
    internal static async Task<double> MeasureAsync(Func<Task> action)
    {
        Collect();
        var before = Environment.CpuUsage.TotalTime;
        await action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
