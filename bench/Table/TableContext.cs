using AkkaJoin.Bench.Brokers;
using AkkaJoin.Host.Chaos;

namespace AkkaJoin.Bench.Table;

/// <summary>What the parts of a table share.</summary>
/// <param name="Options">What to measure.</param>
/// <param name="Run">Where it is measured.</param>
sealed record TableContext(TableOptions Options, BenchRun Run)
{
    internal Broker Broker => Run.Broker;

    internal ChaosDirectory Directory => Run.Directory;

    internal string Name => Run.Name;

    internal void Say(FormattableString line) => Run.Say(line);
}
