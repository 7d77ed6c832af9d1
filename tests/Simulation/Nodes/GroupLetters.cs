using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>Gives an incarnation's messages to its <see cref="KeyGroup"/>; parts when they are whole.</summary>
sealed class GroupLetters(KeyGroup group, int partBytesMax)
{
    readonly PartAssembly _parts = new(partBytesMax);

    internal void Offer(object message, object sender)
    {
        switch (message)
        {
            case Deliver m:
                group.Offer(m, sender);
                break;
            case DeliverPart m:
                if (_parts.Add(sender, m) is { } batches)
                    group.Offer(new Deliver(m.Group, batches), sender);
                break;
            case DeliverTicks m:
                group.Offer(m, sender);
                break;
            case CloseTime m:
                group.Offer(m, sender);
                break;
            default:
                throw new SimulationException($"no key group takes a {message.GetType().Name}");
        }
    }
}
