using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaJoin.Shards.Tests;

/// <summary>
/// How much processor time the calling thread has taken: what else the machine does is not in it. Elsewhere than on
/// Linux it is the clock's time.
/// </summary>
static partial class ThreadTime
{
    const int CurrentThread = 3; // CLOCK_THREAD_CPUTIME_ID

    internal static TimeSpan Now() => OperatingSystem.IsLinux() && clock_gettime(CurrentThread, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000)
        : TimeSpan.FromTicks(Stopwatch.GetTimestamp() * TimeSpan.TicksPerSecond / Stopwatch.Frequency);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    struct Time
    {
        internal nint Seconds, Nanoseconds;
    }
}
