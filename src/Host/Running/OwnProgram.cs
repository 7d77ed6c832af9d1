using System.Diagnostics;

namespace AkkaJoin.Host.Running;

/// <summary>This program once more, as a child process.</summary>
static class OwnProgram
{
    /// <summary>
    /// How to start it with these arguments: the program itself, or dotnet where this assembly was started by another
    /// program.
    /// </summary>
    internal static ProcessStartInfo StartInfo(params IEnumerable<string> arguments)
    {
        var library = typeof(OwnProgram).Assembly;
        var isProgram = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == library.GetName().Name;
        var start = new ProcessStartInfo(isProgram ? Environment.ProcessPath! : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (!isProgram)
            start.ArgumentList.Add(library.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
