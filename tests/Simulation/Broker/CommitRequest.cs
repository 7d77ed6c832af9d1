using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;
using Confluent.Kafka;

namespace AkkaJoin.Simulation.Broker;

/// <summary>Offsets on their way to the broker, in the name of a member and of the generation that it knew of.</summary>
sealed class CommitRequest : IOffsetCommit
{
    readonly SimulatedWorld _world;
    readonly Member _member;
    readonly int _generation;
    readonly IReadOnlyCollection<PartitionOffset> _offsets;
    ErrorCode? _answer;

    internal CommitRequest(SimulatedWorld world, Member member, IReadOnlyCollection<PartitionOffset> offsets)
    {
        _world = world;
        _member = member;
        _generation = member.Generation;
        _offsets = offsets;
        member.Requests.Enqueue(this);
        world.Schedule.After(world.Random.Next(1, 20), Arrive);
    }

    /// <summary>Where an answer is waited for, nothing else of the consumer happens meanwhile: it comes at once.</summary>
    public ErrorCode? Wait(int timeoutMs)
    {
        if (timeoutMs > 0)
            Arrive();
        return _answer;
    }

    public void Dispose()
    {
    }

    // Not before those that were sent before, on the same connection.
    void Arrive()
    {
        while (_answer is null && _member.Requests.TryDequeue(out var next))
            next.Answer();
    }

    // The request may be lost, or its answer.
    void Answer()
    {
        var isFirst = _offsets.Any(o => !_world.Broker.HasCommitted(BrokerModel.Id(o.Topic, o.Partition)));
        var fails = _world.Fails(Fault.CommitFailures, isFirst ? 700 : 300);
        if (fails && _world.Random.Next(2) == 0)
        {
            _answer = ErrorCode.Local_TimedOut;
            return;
        }

        var isTaken = true;
        foreach (var offset in _offsets)
            isTaken &= _world.Consumers.Commit(_member, _generation, BrokerModel.Id(offset.Topic, offset.Partition), offset.Offset);
        _answer = fails ? ErrorCode.Local_TimedOut : isTaken ? ErrorCode.NoError : ErrorCode.IllegalGeneration;
    }
}
