using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// What the kernel is told of how mapped pages are used, on Linux. Advice: where it is not taken, because of the file system or the size of a page, nothing
/// but time is lost.
/// </summary>
static unsafe partial class PageAdvice
{
    const int Random = 1, WillNeed = 3; // MADV_
    const int KeepSize = 0x01, ZeroRange = 0x10; // FALLOC_FL_
    const int Resident = 1;

    /// <summary>
    /// A page that is missing is read alone. Most are read in no order, and reading ahead, up to some MiB by the disk's setting, would push out of
    /// memory what is needed.
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
    /// What lies in a piece of a file is needed no more: a page of it that is not in memory need not be read before it is written. Its blocks stay.
    /// </summary>
    internal static void Forget(SafeFileHandle file, byte* start, long offset, long length)
    {
        byte first = Resident;
        if (OperatingSystem.IsLinux() && mincore(start, 1, &first) == 0 && (first & Resident) == 0)
            _ = fallocate(file, KeepSize | ZeroRange, offset, length);
    }

    [LibraryImport("libc")]
    private static partial int madvise(byte* start, nuint length, int advice);

    [LibraryImport("libc")]
    private static partial int mincore(byte* start, nuint length, byte* pages);

    [LibraryImport("libc")]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);
}
