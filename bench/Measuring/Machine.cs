using System.Runtime.InteropServices;

namespace AkkaJoin.Bench.Measuring;

/// <summary>What the figures were measured on.</summary>
sealed record Machine(string Cpu, int Cores, string Memory, string System, string Runtime)
{
    internal static Machine This { get; } = new(
        Value("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        FormattableString.Invariant($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):F0} GiB"),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    /// <inheritdoc/>
    public override string ToString() => $"{Cores} x {Cpu}, {Memory}, {System}, {Runtime}";

    static string? Value(string file, string name) => !File.Exists(file)
        ? null
        : File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
