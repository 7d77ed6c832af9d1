using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaJoin.Host.Running;

/// <summary>
/// SIGTERM and Ctrl-C. The first asks the verb to stop in order. One that follows at once is the same wish: coreutils'
/// timeout signals the process and then its group, and a terminal and a supervisor may both pass one on. A later one
/// ends the process, as the runtime does by itself.
/// </summary>
sealed class StopSignals : IDisposable
{
    /// <summary>
    /// As long as signals are one. They are sent within 100 ms; the rest is what a busy machine takes to hand the
    /// second one over. It took more than 250 ms where 17 threads wanted two cores.
    /// </summary>
    internal static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    readonly TimeProvider _clock;
    readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _lock = new();
    readonly List<PosixSignalRegistration> _registrations = [];
    long? _first;

    /// <param name="clock">The process's, but for tests.</param>
    internal StopSignals(TimeProvider? clock = null) => _clock = clock ?? TimeProvider.System;

    /// <summary>Done when the process was asked to stop.</summary>
    internal Task Asked => _asked.Task;

    /// <summary>Takes the signals from now on.</summary>
    internal static StopSignals Listen()
    {
        var signals = new StopSignals();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT])
            signals._registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = signals.Receive()));
        return signals;
    }

    /// <summary>A signal has come.</summary>
    /// <returns>Whether the process goes on.</returns>
    internal bool Receive()
    {
        lock (_lock)
        {
            _first ??= _clock.GetTimestamp();
            _asked.TrySetResult();
            return _clock.GetElapsedTime(_first.Value) <= Together;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
