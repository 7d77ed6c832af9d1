namespace AkkaJoin.Bench.Measuring;

/// <summary>This program once more, as a child process: what is measured there has a heap and methods of its own.</summary>
static class BenchProgram
{
    /// <summary>Runs it to its end.</summary>
    internal static Task<ChildRun> RunAsync(params IEnumerable<string> arguments) => RunAsync(null, arguments);

    /// <summary>Runs it to its end within a cgroup; null = as this process.</summary>
    internal static Task<ChildRun> RunAsync(MemoryCgroup? cgroup, IEnumerable<string> arguments)
    {
        var (program, first) = Start();
        if (cgroup is null)
            return ChildRun.RunAsync(program, [.. first, .. arguments]);
        var (shell, into) = cgroup.Shell();
        return ChildRun.RunAsync(shell, [.. into, program, .. first, .. arguments]);
    }

    /// <summary>The program, and what comes before the arguments: it is started by itself or by dotnet.</summary>
    static (string Program, string[] First) Start()
    {
        var library = typeof(BenchProgram).Assembly;
        var isItself = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Path.GetFileNameWithoutExtension(library.Location);
        return isItself ? (Environment.ProcessPath!, []) : ("dotnet", [library.Location]);
    }
}
