using System.Diagnostics;
using System.Text;
using AkkaJoin.Host.Cli;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>The program as a process of its own, which can really be killed.</summary>
sealed class EngineProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly StringBuilder _errors = new();

    EngineProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Append(_errors, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The akkajoin.dll of this build.</summary>
    internal static string Program => typeof(CommandLine).Assembly.Location;

    internal string Output => Text(_output);

    internal string Errors => Text(_errors);

    internal bool HasExited => _process.HasExited;

    internal static EngineProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    internal static EngineProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => StartIn("", environment, arguments);

    /// <summary>Starts the program in a directory; empty = this one's.</summary>
    internal static EngineProcess StartIn(string directory, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartProgram(Program, directory, environment, arguments);

    /// <summary>Starts a build of the program, which may be an earlier one.</summary>
    /// <param name="program">Its akkajoin.dll.</param>
    /// <param name="directory">To start it in; empty = this one's.</param>
    /// <param name="environment">Variables, beside those of this process.</param>
    /// <param name="arguments">The command line.</param>
    internal static EngineProcess StartProgram(
        string program, string directory, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = directory };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new EngineProcess(Process.Start(start)!);
    }

    /// <summary>Starts the program and waits for its end.</summary>
    internal static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var code = await process.EndAsync();
        return (code, process.Output, process.Errors);
    }

    internal async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TimeoutException($"the program did not end within {Patience.TotalSeconds} s: {Output}{Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, then waits for the end.</summary>
    internal async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    /// <summary>SIGTERM, and once more in the same moment.</summary>
    internal async Task TerminateTwiceAsync()
    {
        var id = _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {id}; kill -CONT {id}; sleep 0.05; kill -TERM {id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: nothing of the process runs any more, and it does not know.</summary>
    internal Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    internal Task ThawAsync() => SignalAsync("CONT");

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    static void Append(StringBuilder text, string? line)
    {
        lock (text)
            text.AppendLine(line);
    }

    static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
