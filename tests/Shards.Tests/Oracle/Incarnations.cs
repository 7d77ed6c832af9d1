using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Incarnations of tests, and what is short to say where there is only one.</summary>
static class Incarnations
{
    /// <summary>The one that a test knows by its text.</summary>
    internal static Incarnation One { get; } = Incarnation.Of("00c0ffee00c0ffee");

    /// <summary>Gives <see cref="One"/> each time.</summary>
    internal static Func<Incarnation> OnlyOne { get; } = () => One;

    /// <summary>Random ones of a seed.</summary>
    internal static Func<Incarnation> Of(Random random) => () => new Incarnation(random.NextInt64(long.MinValue, long.MaxValue));

    /// <summary>The broker acknowledged the outputs of an event, whoever wrote it.</summary>
    internal static void Confirm(this KeyGroup group, long sequence)
    {
        if (group.Unconfirmed.FirstOrDefault(outputs => outputs.Sequence == sequence) is { } unconfirmed)
            group.Confirm(unconfirmed.Incarnation, sequence);
    }
}
