using Akka.Actor;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Outputs;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>The stage between the key groups, which tell, and the producer, which asks for more.</summary>
public sealed class OutputSourceTests : KafkaTest
{
    readonly IActorRef _actor;
    readonly TestSubscriber.Probe<OutputEvent> _out;

    public OutputSourceTests(ITestOutputHelper output)
        : base(output)
    {
        var (actor, probe) = Source.FromGraph(new OutputSource())
            .ToMaterialized(this.SinkProbe<OutputEvent>(), Keep.Both).Run(Materializer);
        (_actor, _out) = (actor.GetAwaiter().GetResult(), probe);
        _out.EnsureSubscription();
    }

    [Fact]
    public void Events_come_in_their_order_and_none_without_demand()
    {
        Tell(1, 2, 3);
        _out.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Expect(1, 2);
        _out.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Expect(3);
    }

    [Fact]
    public void Demand_that_waits_is_met_at_once()
    {
        _out.Request(2);
        Tell(1);
        Assert.Equal(1, _out.ExpectNext().Sequence);
        Tell(2);
        Assert.Equal(2, _out.ExpectNext().Sequence);
    }

    [Fact]
    public void It_completes_once_what_waits_is_taken_and_takes_nothing_more()
    {
        Tell(1, 2);
        _actor.Tell(new Status.Success("done"));
        Tell(3);
        Expect(1, 2);
        _out.ExpectComplete();
    }

    [Fact]
    public void A_failure_overtakes_what_waits()
    {
        Tell(1);
        _actor.Tell(new Status.Failure(new KafkaStopException("the reason")));
        Assert.Equal("the reason", _out.ExpectError().Message);
    }

    void Tell(params ReadOnlySpan<long> sequences)
    {
        foreach (var sequence in sequences)
            _actor.Tell(new OutputEvent(0, "J", sequence, ReadOnlyMemory<byte>.Empty, TestActor));
    }

    void Expect(params ReadOnlySpan<long> sequences)
    {
        _out.Request(sequences.Length);
        foreach (var sequence in sequences)
            Assert.Equal(sequence, _out.ExpectNext().Sequence);
    }
}
