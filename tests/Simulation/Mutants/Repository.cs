namespace AkkaJoin.Simulation.Mutants;

/// <summary>Where the sources are: above the place of the tests.</summary>
static class Repository
{
    internal static string Source { get; } = Path.Combine(Root(), "src");

    static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "AkkaJoin.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException($"the repository is not above {AppContext.BaseDirectory}");
    }
}
