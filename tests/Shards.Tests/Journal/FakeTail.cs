using System.Collections.Concurrent;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>A tail that answers when the test says so.</summary>
sealed class FakeTail : IOutputTail
{
    readonly TaskCompletionSource<TailAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutputPositions Produced { get; set; } = new(1, [10], [20]);

    internal ConcurrentQueue<TailQuestion> Questions { get; } = new();

    public Task<TailAnswer> ReadAsync(TailQuestion question)
    {
        Questions.Enqueue(question);
        return _answer.Task;
    }

    internal void Answer(long sequence, params int[] indexes) =>
        _answer.SetResult(new TailAnswer(new Dictionary<long, IReadOnlySet<int>> { [sequence] = indexes.ToHashSet() }));

    internal void Fail(Exception reason) => _answer.SetException(reason);
}
