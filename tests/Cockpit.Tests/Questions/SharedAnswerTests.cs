using AkkaJoin.Cockpit.Questions;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Questions;

public sealed class SharedAnswerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    readonly TestTime _time = new();
    int _asked;

    [Fact]
    public async Task All_who_ask_within_its_life_share_an_answer_and_whoever_comes_later_asks_anew()
    {
        var shared = new SharedAnswer<int>(() => Task.FromResult(Interlocked.Increment(ref _asked)), TimeSpan.FromSeconds(1), _time);
        Assert.Equal(1, await shared.GetAsync());
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, await shared.GetAsync());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, await shared.GetAsync());
        Assert.Equal(2, await shared.GetAsync());
    }

    [Fact]
    public async Task An_answer_that_takes_long_is_waited_for_and_not_asked_for_again()
    {
        var slow = new TaskCompletionSource<int>();
        var shared = new SharedAnswer<int>(() => Count(slow.Task), TimeSpan.FromSeconds(1), _time);
        var first = shared.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        var second = shared.GetAsync();
        slow.SetResult(7);
        Assert.Equal((7, 7), (await first.WaitAsync(Patience), await second.WaitAsync(Patience)));
        Assert.Equal(1, Volatile.Read(ref _asked));

        // It tells of a time that is over when it comes.
        await shared.GetAsync().WaitAsync(Patience);
        Assert.Equal(2, Volatile.Read(ref _asked));
    }

    [Fact]
    public async Task What_failed_is_asked_again_at_once()
    {
        var shared = new SharedAnswer<int>(
            async () => await Count(Task.FromResult(1)) > 0 && Volatile.Read(ref _asked) == 1 ? throw new IOException("no") : 2,
            TimeSpan.FromSeconds(1),
            _time);
        await Assert.ThrowsAsync<IOException>(shared.GetAsync);
        Assert.Equal(2, await shared.GetAsync());
    }

    Task<int> Count(Task<int> answer)
    {
        Interlocked.Increment(ref _asked);
        return answer;
    }
}
