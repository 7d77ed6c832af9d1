using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AkkaJoin.Shards.Profiling;

/// <summary>CPU time of the calling thread: waiting, and being pushed aside by others, do not count.</summary>
static partial class ThreadClock
{
    const int ThreadCpuTime = 3;

    /// <summary>ns since the thread began; 0 where the system has no such clock.</summary>
    internal static long NowNs
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return 0;
            return GetTime(ThreadCpuTime, out var time) == 0 ? ((long)time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    [SupportedOSPlatform("linux")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
