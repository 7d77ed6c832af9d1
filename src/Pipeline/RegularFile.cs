using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AkkaJoin.Pipeline;

/// <summary>
/// Reads small files that a user names. It reads only regular files: to open a pipe would wait for its writer, perhaps
/// for ever, and a device has no end.
/// </summary>
static partial class RegularFile
{
    const int CurrentDirectory = -100; // AT_FDCWD
    const uint TypeOnly = 1; // STATX_TYPE
    const int ModeOffset = 28; // of stx_mode in struct statx, which is the same on every processor
    const int TypeMask = 0xF000, Regular = 0x8000, Folder = 0x4000; // S_IFMT, S_IFREG, S_IFDIR

    /// <summary>All bytes of a file; null where it has more than <paramref name="bytesMax"/>.</summary>
    /// <exception cref="IOException">
    /// It is not there, cannot be read, or is no regular file; the message says which.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static byte[]? Read(string path, int bytesMax)
    {
        Check(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        // Not by the length that the file claims: those below /proc claim none, and others grow.
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > bytesMax)
                return null;
        }

        return bytes.ToArray();
    }

    /// <summary>
    /// Refuses pipes, sockets, devices and directories, before they are opened. A missing file is no error here;
    /// opening it is.
    /// </summary>
    /// <exception cref="IOException">It is one of these.</exception>
    internal static void Check(string path)
    {
        if (Type(path) is { } type && type != Regular)
            throw new IOException(type == Folder ? "it is a directory" : "it is a pipe, a socket or a device and no regular file");
    }

    static unsafe int? Type(string path)
    {
        if (!OperatingSystem.IsLinux())
            return Directory.Exists(path) ? Folder : null;
        try
        {
            var buffer = stackalloc byte[256];
            return statx(CurrentDirectory, path, 0, TypeOnly, buffer) == 0 ? *(ushort*)(buffer + ModeOffset) & TypeMask : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [SupportedOSPlatform("linux")]
    private static unsafe partial int statx(int directory, string path, int flags, uint mask, byte* result);
}
