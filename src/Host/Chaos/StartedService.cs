using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>A broker or a database that the run started itself, and may therefore kill.</summary>
abstract class StartedService : IAsyncDisposable
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);
    long _awaySince;
    long _backSince;

    /// <summary>For people: Kafka or PostgreSQL.</summary>
    internal abstract string Name { get; }

    /// <summary>The process that is signalled, once it was started.</summary>
    internal OwnedProcess? Process { get; private set; }

    /// <summary>Whether it is away, or was until a moment ago: who starts then may give up.</summary>
    internal bool IsAway =>
        _awaySince != 0 && (_backSince == 0 || Stopwatch.GetElapsedTime(_backSince) < EndLimit);

    /// <summary>Starts it on the data that is there, or on new data, and waits until it answers.</summary>
    /// <exception cref="UserException">It does not.</exception>
    internal async Task StartAsync()
    {
        Process = await LaunchAsync();
        _backSince = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends it in this way, waits for its death, and starts it again.</summary>
    /// <returns>How long it was away.</returns>
    internal async Task<TimeSpan> RestartAsync(Action<OwnedProcess> end)
    {
        var since = Stopwatch.GetTimestamp();
        (_awaySince, _backSince) = (since, 0);
        end(Process!);
        if (!await Process!.EndedAsync(EndLimit))
            throw new UserException($"{Name} did not end within {EndLimit.TotalSeconds} s", ExitCodes.Failed);
        await StartAsync();
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>A clean stop, then a kill.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Process is { IsAlive: true } process)
        {
            StopCleanly(process);
            if (!await process.EndedAsync(EndLimit))
                process.Kill();
        }

        DisposeChild();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the process and waits until it answers.</summary>
    protected abstract Task<OwnedProcess> LaunchAsync();

    /// <summary>Asks it to end.</summary>
    protected abstract void StopCleanly(OwnedProcess process);

    /// <summary>Gives back what belongs to it.</summary>
    protected virtual void DisposeChild()
    {
    }

    /// <summary>Runs a tool to its end.</summary>
    /// <exception cref="UserException">It failed.</exception>
    protected static async Task<string> ToolAsync(string log, string program, params IEnumerable<string> arguments)
    {
        using var tool = ChildProcess.Start(new ProcessStartInfo(program, arguments), log);
        return await tool.ExitAsync() == 0
            ? tool.Output.Trim()
            : throw new UserException($"{program} failed; its log is {log}:\n{tool.LastLines}", ExitCodes.Failed);
    }

    /// <summary>Asks again and again until the process answers.</summary>
    /// <exception cref="UserException">It ended, or did not answer in time.</exception>
    protected async Task AnsweringAsync(ChildProcess child, TimeSpan limit, string log, Func<Task<bool>> answers)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await answers())
        {
            if (!child.Owned.IsAlive || Stopwatch.GetElapsedTime(since) > limit)
                throw new UserException($"{Name} does not answer; its log is {log}:\n{child.LastLines}", ExitCodes.Failed);
            await Task.Delay(PollInterval);
        }
    }

    /// <summary>Whether somebody listens on a port of this machine.</summary>
    protected static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The port that an earlier part wrote down, or a free one, which is written down.</summary>
    protected static int Port(string file)
    {
        if (File.Exists(file))
            return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        var port = FreePorts.FindPair();
        File.WriteAllText(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }
}
