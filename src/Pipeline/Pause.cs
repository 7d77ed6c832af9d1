namespace AkkaJoin.Pipeline;

/// <summary>A pause that a stop cuts short without an exception.</summary>
static class Pause
{
    /// <summary>Waits for <paramref name="time"/>, or until <paramref name="stopping"/>.</summary>
    internal static Task ForAsync(TimeSpan time, CancellationToken stopping) =>
        Task.Delay(time, stopping).ContinueWith(static _ => { }, TaskScheduler.Default);
}
