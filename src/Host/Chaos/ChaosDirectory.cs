using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Where a run keeps its files: configuration, timeline, logs, journal, and the data of what it started.
/// </summary>
sealed class ChaosDirectory
{
    ChaosDirectory(string path, bool isTemporary)
    {
        Root = path;
        IsTemporary = isTemporary;
    }

    /// <summary>The directory itself.</summary>
    internal string Root { get; }

    /// <summary>Whether it goes away after a run that was exact.</summary>
    internal bool IsTemporary { get; }

    internal string Config => Path.Combine(Root, "akkajoin.conf");

    internal string Timeline => Path.Combine(Root, "timeline.jsonl");

    internal string Journal => Path.Combine(Root, "journal");

    internal string Kafka => Path.Combine(Root, "kafka");

    internal string Postgresql => Path.Combine(Root, "postgresql");

    internal string Differences => Path.Combine(Root, "differences.jsonl");

    /// <summary>The log of one child.</summary>
    internal string Log(string name) => Path.Combine(Root, "logs", name + ".log");

    /// <summary>Makes the directory, or finds that of an earlier run.</summary>
    /// <exception cref="UserException">It cannot be made, or is not as the options say.</exception>
    internal static ChaosDirectory Open(ChaosOptions options)
    {
        try
        {
            var path = options.Directory is { } named
                ? Path.GetFullPath(named)
                : System.IO.Directory.CreateTempSubdirectory("akkajoin-chaos-").FullName;
            var directory = new ChaosDirectory(path, options.Directory is null);
            var began = File.Exists(directory.Timeline);
            if (options.Resume && !began)
                throw new UserException($"there is no run to resume in {path}: {directory.Timeline} is missing", ExitCodes.Usage);
            if (!options.Resume && began)
                throw new UserException(
                    $"{path} holds a run already: --resume goes on with it, or name another directory", ExitCodes.Usage);
            System.IO.Directory.CreateDirectory(Path.Combine(path, "logs"));
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"the directory of the run cannot be made: {e.Message}", ExitCodes.Failed);
        }
    }

    /// <summary>A directory that is there already, for others that start the same services.</summary>
    internal static ChaosDirectory In(string path)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(path, "logs"));
        return new ChaosDirectory(path, isTemporary: false);
    }

    /// <summary>Deletes a temporary one.</summary>
    internal void Delete()
    {
        if (IsTemporary)
            System.IO.Directory.Delete(Root, recursive: true);
    }
}
