using System.IO.MemoryMappedFiles;
using AkkaJoin.Shards.Files;
using Microsoft.Win32.SafeHandles;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// A file that is mapped as a whole. Its blocks are allocated when it is made: so a full disk is an error then, and not
/// a signal that ends the process at a later write. The file is deleted as soon as it is mapped (on Windows as soon as
/// it is closed). So a process that is killed leaves no file behind.
/// </summary>
sealed unsafe class MappedExtent : IDisposable
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly byte* _start;
    readonly SafeFileHandle _handle;

    /// <exception cref="IOException">The disk is full, or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory does not allow it.</exception>
    internal MappedExtent(string directory, long length)
    {
        Length = length;
        var path = Path.Combine(directory, $"akkajoin-state-{Guid.NewGuid():N}");
        var options = PrivateFiles.Options(FileMode.CreateNew, FileShare.ReadWrite | FileShare.Delete);
        options.Options = FileOptions.DeleteOnClose;
        options.PreallocationSize = length;
        options.BufferSize = 0;
        var stream = new FileStream(path, options);
        try
        {
            stream.SetLength(length);
            _file = MemoryMappedFile.CreateFromFile(
                stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        _handle = stream.SafeFileHandle;
        _view = _file.CreateViewAccessor(0, length);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        PageAdvice.ReadAlone(_start, length);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    internal long Length { get; }

    /// <summary>How many of its slabs are in use.</summary>
    internal int Slabs { get; set; }

    internal Slab SlabAt(long offset, int length)
    {
        PageAdvice.Forget(_handle, _start + offset, offset, length);
        return Slab.Over(_start + offset, length);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
