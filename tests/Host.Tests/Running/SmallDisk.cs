using System.Diagnostics;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>A file system in memory that can be filled; only root may mount one.</summary>
sealed class SmallDisk : IDisposable
{
    const int Mebibyte = 1 << 20;

    SmallDisk(string path) => Path = path;

    /// <summary>Whether one can be mounted here.</summary>
    internal static bool IsPossible { get; } = Try();

    internal string Path { get; }

    string Ballast => System.IO.Path.Combine(Path, "ballast");

    internal static SmallDisk Mount(int mebibytes)
    {
        var path = Directory.CreateTempSubdirectory("akkajoin-disk-").FullName;
        return Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0777", "tmpfs", path) ? new SmallDisk(path) : throw new IOException("no tmpfs can be mounted");
    }

    /// <summary>Leaves no byte free.</summary>
    internal void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[Mebibyte / 16]);
        }
        catch (IOException)
        {
            // Full, which was the aim.
        }
    }

    /// <summary>Makes room again.</summary>
    internal void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    static bool Try()
    {
        if (!Environment.IsPrivilegedProcess)
            return false;
        try
        {
            Mount(1).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
