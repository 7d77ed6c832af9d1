namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// An answer that all who ask within a while share: pages, API and commands together cost what one of them costs. Any
/// thread.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="ask">Asks anew. What fails is not kept.</param>
/// <param name="life">How long an answer is given to others, from when it was asked for.</param>
/// <param name="time">The time.</param>
sealed class SharedAnswer<T>(Func<Task<T>> ask, TimeSpan life, TimeProvider? time = null)
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly Lock _gate = new();

    // Guarded by _gate: what is being asked, or the last answer, and since when.
    Task<T>? _answer;
    long _askedAt;

    /// <summary>The answer, at most so old; one that is still to come is waited for.</summary>
    internal Task<T> GetAsync()
    {
        lock (_gate)
        {
            if (_answer is null || IsOver(_answer))
                (_answer, _askedAt) = (Task.Run(ask), _time.GetTimestamp());
            return _answer;
        }
    }

    bool IsOver(Task answer) => answer.IsCompleted && (!answer.IsCompletedSuccessfully || _time.GetElapsedTime(_askedAt) >= life);
}

/// <summary>How old an answer may be that several share.</summary>
static class SharedAnswer
{
    /// <summary>What is counted all the time.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    /// <summary>What changes seldom.</summary>
    internal static readonly TimeSpan LongLife = TimeSpan.FromSeconds(30);
}
