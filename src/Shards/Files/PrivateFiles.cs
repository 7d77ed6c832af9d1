namespace AkkaJoin.Shards.Files;

/// <summary>
/// Directories and files that hold records, for their owner alone. On Windows they have the rights of what is above
/// them.
/// </summary>
static class PrivateFiles
{
    const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Makes a directory where there is none; one that is there keeps its rights.</summary>
    internal static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerDirectory);
    }

    /// <summary>
    /// Takes a directory from everybody else if nothing but files of these names is in it: others may need what they
    /// keep there.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="ours">How the names begin.</param>
    internal static void Close(string path, params string[] ours)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            if (Directory.EnumerateFileSystemEntries(path).All(entry => ours.Any(Path.GetFileName(entry).StartsWith)))
                File.SetUnixFileMode(path, OwnerDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It belongs to somebody else, who lets this process write in it.
        }
    }

    /// <summary>Makes an empty file where there is none.</summary>
    internal static void CreateFile(string path)
    {
        using var file = new FileStream(path, Options(FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Options with which a file is made for its owner alone.</summary>
    internal static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return options;
    }
}
