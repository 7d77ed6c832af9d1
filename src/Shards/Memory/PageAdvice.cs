using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// Tells the kernel how mapped pages are used, on Linux. Where the kernel does not follow the advice, because of the
/// file system or the page size, it only costs time.
/// </summary>
static unsafe partial class PageAdvice
{
    const int Random = 1, WillNeed = 3; // MADV_
    const int KeepSize = 0x01, ZeroRange = 0x10; // FALLOC_FL_
    const int Resident = 1;

    /// <summary>
    /// Tells the kernel to read a missing page alone. Pages are read in no order. Read-ahead of up to some MiB, as the
    /// disk's setting says, would push needed pages out of memory.
    /// </summary>
    internal static void ReadAlone(byte* start, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = madvise(start, (nuint)length, Random);
    }

    /// <summary>Begins to read the pages that are missing, all at once, and does not wait for them.</summary>
    internal static void ReadAhead(byte* start, long length)
    {
        var before = (nuint)start & (nuint)(Environment.SystemPageSize - 1);
        if (OperatingSystem.IsLinux())
            _ = madvise(start - before, (nuint)length + before, WillNeed);
    }

    /// <summary>
    /// Tells the kernel that a piece of a file will be overwritten: it need not read a missing page of it first. The
    /// blocks stay allocated.
    /// </summary>
    internal static void Forget(SafeFileHandle file, byte* start, long offset, long length)
    {
        byte first = Resident;
        if (OperatingSystem.IsLinux() && mincore(start, 1, &first) == 0 && (first & Resident) == 0)
            _ = fallocate(file, KeepSize | ZeroRange, offset, length);
    }

    [LibraryImport("libc")]
    [SupportedOSPlatform("linux")]
    private static partial int madvise(byte* start, nuint length, int advice);

    [LibraryImport("libc")]
    [SupportedOSPlatform("linux")]
    private static partial int mincore(byte* start, nuint length, byte* pages);

    [LibraryImport("libc")]
    [SupportedOSPlatform("linux")]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);
}
