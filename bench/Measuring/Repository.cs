using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Measuring;

/// <summary>The repository that the benchmark was built in, and what it built there.</summary>
static class Repository
{
    /// <summary>The directory of the solution; null where the benchmark runs elsewhere.</summary>
    internal static string? Root { get; } = Find();

    /// <summary>The program that is measured: as built by the same build, with its own dependencies only.</summary>
    internal static string Program
    {
        get
        {
            var output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
            var configuration = Path.GetFileName(Path.GetDirectoryName(output)!);
            var program = Path.Combine(Root ?? ".", "src", "Host", "bin", configuration, Path.GetFileName(output), "akkajoin");
            return File.Exists(program) ? program : throw new UserException($"there is no {program}: build the solution first", 1);
        }
    }

    static string? Find()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "AkkaJoin.sln")))
                return d.FullName;
        }

        return null;
    }
}
