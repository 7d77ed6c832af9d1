using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Engine;

public sealed class TopicWatchTests
{
    static readonly TimeSpan MissingMax = TimeSpan.FromSeconds(30);
    readonly List<(string, int, int)> _grown = [];
    readonly SourceTopics _sources = new(new Dictionary<string, string> { ["left"] = "id-1", ["right"] = "" });

    [Fact]
    public void A_topic_with_another_id_ends_the_join_and_one_whose_id_is_not_known_does_not()
    {
        var watch = Watch();
        Assert.Null(watch.Refuse([new("left", 4, "id-1"), new("right", 4, "id-7")], TimeSpan.Zero));
        Assert.Null(watch.Refuse([new("left", 4, ""), new("right", 4, "id-8")], TimeSpan.Zero));
        var reason = watch.Refuse([new("left", 4, "id-2"), new("right", 4, "id-8")], TimeSpan.Zero);
        Assert.Equal(1, reason!.ExitCode);
        Assert.Contains("'left' was deleted and made again", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_that_is_missing_ends_the_join_once_the_time_is_over_and_not_where_it_came_back()
    {
        var watch = Watch();
        Assert.Null(Missing(watch, 0));
        Assert.Null(Missing(watch, 29));
        Assert.Null(watch.Refuse([new("left", 4, "id-1"), new("right", 4, "")], TimeSpan.FromSeconds(29.5)));
        Assert.Null(Missing(watch, 30));
        Assert.Null(Missing(watch, 59));
        var reason = Missing(watch, 60);
        Assert.Equal(1, reason!.ExitCode);
        Assert.Contains("'left' was deleted while the join ran: it has not been there for 30 s (kafka.connect-timeout)", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspicion_has_the_topics_looked_at_without_waiting_for_the_next_look()
    {
        var looks = 0;
        var known = new TaskCompletionSource();
        var watch = new TopicWatch(_sources, MissingMax, _ =>
        {
            var id = Interlocked.Increment(ref looks) == 1 ? "id-1" : "id-2";
            known.TrySetResult();
            return Task.FromResult<IReadOnlyList<TopicInfo>>([new("left", 4, id), new("right", 4, "")]);
        }, static (_, _, _) => { });
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        var running = watch.RunAsync(CancellationToken.None);
        await known.Task;
        _sources.Suspect();
        Assert.IsType<TopicMadeAgainException>(await running);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 4);
    }

    [Fact]
    public async Task Brokers_that_do_not_answer_are_waited_for()
    {
        using var stopping = new CancellationTokenSource();
        var watch = new TopicWatch(_sources, TimeSpan.Zero, _ =>
        {
            stopping.Cancel();
            throw new UserException("no broker answered", 1);
        }, static (_, _, _) => { });
        Assert.Null(await watch.RunAsync(stopping.Token));
    }

    [Fact]
    public void A_topic_that_grew_is_told_once()
    {
        var watch = Watch();
        foreach (var partitions in new[] { 4, 6, 5, 6, 7 })
            Assert.Null(watch.Refuse([new("left", 4, "id-1"), new("right", partitions, "")], TimeSpan.Zero));
        Assert.Equal([("right", 4, 6), ("right", 6, 7)], _grown);
    }

    TopicWatch Watch() =>
        new(_sources, MissingMax, _ => throw new InvalidOperationException(), (topic, before, now) => _grown.Add((topic, before, now)));

    static UserException? Missing(TopicWatch watch, double seconds) =>
        watch.Refuse([new("left", 0, ""), new("right", 4, "")], TimeSpan.FromSeconds(seconds));
}
