using System.Diagnostics;
using System.Text;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// A child of this process whose output goes to a log file; the last lines stay at hand for messages.
/// </summary>
sealed class ChildProcess : IDisposable
{
    const int LinesKept = 25;

    readonly Process _process;
    readonly StreamWriter _log;
    readonly Lock _gate = new();
    readonly Queue<string> _last = new();
    readonly StringBuilder _output = new();
    readonly Action<string> _line;

    ChildProcess(Process process, StreamWriter log, Action<string> line)
    {
        _process = process;
        _log = log;
        _line = line;
        Owned = OwnedProcess.Find(process.Id) ?? new OwnedProcess(process.Id, "ended");
        process.OutputDataReceived += (_, e) => AddLine(e.Data, isOutput: true);
        process.ErrorDataReceived += (_, e) => AddLine(e.Data, isOutput: false);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What is signalled.</summary>
    internal OwnedProcess Owned { get; }

    /// <summary>The last lines of its output and errors.</summary>
    internal string LastLines
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _last);
        }
    }

    /// <summary>What it wrote to standard output.</summary>
    internal string Output
    {
        get
        {
            lock (_gate)
                return _output.ToString();
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="start">With both outputs redirected.</param>
    /// <param name="logFile">Lines are added to it.</param>
    /// <param name="line">Called with each line of standard error.</param>
    /// <exception cref="UserException">It cannot be started.</exception>
    internal static ChildProcess Start(ProcessStartInfo start, string logFile, Action<string>? line = null)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        try
        {
            return new ChildProcess(Process.Start(start)!, log, line ?? (_ => { }));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            log.Dispose();
            throw new UserException($"{start.FileName} cannot be started: {e.Message}", ExitCodes.Failed);
        }
    }

    /// <summary>Waits for its end and the end of its output.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits for its end, at most so long.</summary>
    /// <returns>The exit code; null where it still runs.</returns>
    internal async Task<int?> ExitAsync(TimeSpan limit)
    {
        var exit = ExitAsync();
        return await Task.WhenAny(exit, Task.Delay(limit)) == exit ? await exit : null;
    }

    public void Dispose()
    {
        Owned.Kill();
        _process.Dispose();
        lock (_gate)
            _log.Dispose();
    }

    void AddLine(string? line, bool isOutput)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            if (_log.BaseStream is { CanWrite: true })
                _log.WriteLine(line);
            _last.Enqueue(line);
            if (_last.Count > LinesKept)
                _last.Dequeue();
            if (isOutput)
                _output.AppendLine(line);
        }

        if (!isOutput)
            _line(line);
    }
}
