using AkkaJoin.Cockpit.Access;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Prompt;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Cli;

/// <summary>The prompt on a terminal. Ctrl-C ends a command that runs, and not the prompt.</summary>
/// <param name="session">Carries out what is typed.</param>
/// <param name="error">Takes what is wrong.</param>
sealed class PbmPrompt(PromptSession session, TextWriter error)
{
    readonly Lock _gate = new();
    CancellationTokenSource? _running; // behind the gate

    /// <summary>The file of the history, beside the user's token.</summary>
    internal static string HistoryFile => Path.Combine(Path.GetDirectoryName(LocalToken.File())!, "pbm.history");

    /// <summary>Reads and carries out lines until the user has enough.</summary>
    /// <param name="address">The node, for the prompt.</param>
    internal async Task<int> RunAsync(NodeAddress address)
    {
        var editor = new LineEditor(
            () => Console.ReadKey(intercept: true),
            Console.Out,
            () => Console.WindowWidth,
            PromptHistory.Read(HistoryFile),
            typed => Completion.Of(typed, session.Parser, session.Joins));

        // It stays until the program ends: a signal that is on its way while the prompt ends is no reason to fail.
        Console.CancelKeyPress += Stop;
        while (await RunNextAsync(editor, address))
        {
        }

        return ExitCodes.Good;
    }

    // False: the prompt ends.
    async Task<bool> RunNextAsync(LineEditor editor, NodeAddress address)
    {
        Console.TreatControlCAsInput = true;
        var line = editor.Read($"{address}> ");
        if (line is null)
            return false;
        using var running = new CancellationTokenSource();
        lock (_gate)
            _running = running;
        try
        {
            // From here on Ctrl-C is a signal, and there is something that it ends.
            Console.TreatControlCAsInput = false;
            return await session.RunAsync(session.Parser.Parse(line), running.Token) is not null;
        }
        catch (UserException e)
        {
            await error.WriteLineAsync(e.Message);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            await error.WriteLineAsync("stopped");
        }
        finally
        {
            lock (_gate)
                _running = null;
        }

        return true;
    }

    // Between a line and the prompt nothing runs; that is no reason to end the program. The command ends on a thread of
    // its own: on this one the prompt would be read before the signal is dealt with.
    void Stop(object? sender, ConsoleCancelEventArgs key)
    {
        key.Cancel = true;
        lock (_gate)
        {
            if (_running is { } running)
                _ = running.CancelAsync();
        }
    }
}
