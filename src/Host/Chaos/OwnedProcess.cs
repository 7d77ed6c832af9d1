using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// A process that this run started, or that an earlier part of it did. The mark tells it from a later process with the
/// same number: no signal goes out without a look at it.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Mark">When it started, as the system counts.</param>
sealed partial record OwnedProcess(int Id, string Mark)
{
    const int Terminate = 15, KillNow = 9, Quit = 3, Interrupt = 2;
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether it still runs, frozen or not.</summary>
    internal bool IsAlive => Find(Id)?.Mark == Mark;

    /// <summary>
    /// The process with this number, or null where there is none (a dead one that nobody waited for is none).
    /// </summary>
    internal static OwnedProcess? Find(int id) =>
        (OperatingSystem.IsLinux() ? LinuxMark(id) : OtherMark(id)) is { } mark ? new(id, mark) : null;

    /// <summary>SIGKILL.</summary>
    internal void Kill() => Signal(KillNow);

    /// <summary>SIGTERM: a clean stop of a node or a broker.</summary>
    internal void Stop() => Signal(Terminate);

    /// <summary>SIGINT: a fast, clean shutdown of PostgreSQL.</summary>
    internal void StopFast() => Signal(Interrupt);

    /// <summary>SIGQUIT: an immediate shutdown of PostgreSQL.</summary>
    internal void Crash() => Signal(Quit);

    /// <summary>SIGSTOP.</summary>
    internal void Freeze() => Signal(OperatingSystem.IsLinux() ? 19 : 17);

    /// <summary>SIGCONT.</summary>
    internal void Thaw() => Signal(OperatingSystem.IsLinux() ? 18 : 19);

    /// <summary>Waits for its end.</summary>
    /// <returns>Whether it ended within the limit.</returns>
    internal async Task<bool> EndedAsync(TimeSpan limit)
    {
        var since = Stopwatch.GetTimestamp();
        while (IsAlive)
        {
            if (Stopwatch.GetElapsedTime(since) > limit)
                return false;
            await Task.Delay(PollInterval);
        }

        return true;
    }

    void Signal(int signal)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Windows has no POSIX signals");
        if (IsAlive && Send(Id, signal) != 0 && IsAlive)
            throw new UserException($"process {Id} cannot be signalled (error {Marshal.GetLastPInvokeError()})", ExitCodes.Failed);
    }

    // The third field is the state, the 22nd the start in clock ticks since the boot; the second is in parentheses and
    // may hold anything.
    static string? LinuxMark(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static string? OtherMark(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [UnsupportedOSPlatform("windows")]
    private static partial int Send(int process, int signal);
}
