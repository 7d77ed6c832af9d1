using Akka.Actor;
using Akka.Event;
using AkkaJoin.Cockpit.Logs;
using AkkaJoin.Host.Running;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using Xunit;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>What actors log, in the node's words.</summary>
public sealed class ActorLoggerTests
{
    [Fact]
    public void An_entry_is_one_line_though_a_database_adds_details_below_what_it_says()
    {
        const string said = "57P03: it is starting\n\nDETAIL: nothing is told\n";
        const string line = "it failed: 57P03: it is starting; DETAIL: nothing is told";
        Assert.Equal((Level.Error, line), Told(Entry($"it failed: {said}")));
        Assert.Equal((Level.Error, line), Told(Entry("it failed", new JournalException(said))));
    }

    [Fact]
    public void A_line_begins_with_date_time_zone_level_and_category()
    {
        var words = ActorWords.Of(Entry("it failed"));
        var line = LogLines.Text(new LogEntry(new DateTimeOffset(2026, 11, 29, 7, 1, 2, 345, TimeSpan.Zero), words.Level, words.Category, words.Message, null));
        Assert.Equal("2026-11-29 07:01:02.345Z ERROR key-groups: it failed", line);
    }

    [Fact]
    public void The_trace_of_a_defect_stays()
    {
        var words = ActorWords.Of(Entry("it failed", new InvalidOperationException("a\nb")));
        Assert.IsType<InvalidOperationException>(words.Defect);
        Assert.Equal("it failed", words.Message);
    }

    [Fact]
    public void What_the_actor_library_says_below_an_error_is_for_debugging() =>
        Assert.Equal(Level.Debug, ActorWords.Of(new Warning("cluster", typeof(Akka.Cluster.Cluster), "Marking node(s) as UNREACHABLE")).Level);

    [Fact]
    public void A_failed_actor_is_told_of_by_its_known_cause_alone() =>
        Assert.Equal(
            (Level.Error, "the journal is away"),
            Told(new Error(new JournalException("the journal is away"), "akka://x", typeof(OneForOneStrategy), "Exception of type X")));

    [Fact]
    public void Connections_are_a_category_and_speak_from_warnings_on()
    {
        var words = ActorWords.Of(new Warning("remoting (akka://x)", typeof(ActorSystem), "Association failed\n   at Akka.Remote"));
        Assert.Equal((Level.Warning, ActorWords.Remoting, "Association failed"), (words.Level, words.Category, words.Message));
    }

    [Fact]
    public void The_node_itself_is_a_category() =>
        Assert.Equal("node", ActorWords.Of(new Info("ActorSystem(akkajoin)", typeof(ActorSystem), "draining")).Category);

    [Fact]
    public async Task A_join_is_a_category_and_its_warnings_are_warnings()
    {
        using var system = ActorSystem.Create("words", "akka { stdout-loglevel = OFF, loggers = [] }");
        var told = new TaskCompletionSource<LogEvent>();
        var hears = system.ActorOf(Props.Create(() => new Hears(told)));
        system.EventStream.Subscribe(hears, typeof(Warning));
        Logging.GetLogger(system, "AkkaJoin(orders)").Warning("join {0}: {1}", "orders", "no key");
        var words = ActorWords.Of(await told.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal((Level.Warning, "join", "join orders: no key"), (words.Level, words.Category, words.Message));
    }

    static (Level Level, string Message) Told(LogEvent entry) => (ActorWords.Of(entry).Level, ActorWords.Of(entry).Message);

    static Error Entry(string message, Exception? cause = null) => new(cause, "test", typeof(KeyGroupActor), message);

    sealed class Hears : ReceiveActor
    {
        public Hears(TaskCompletionSource<LogEvent> told) => Receive<LogEvent>(e => told.TrySetResult(e));
    }
}
