using System.Globalization;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Host.Chaos;

namespace AkkaJoin.Bench.Table;

/// <summary>What the parts of a table share.</summary>
/// <param name="Options">What to measure.</param>
/// <param name="Broker">The broker.</param>
/// <param name="Directory">Where files go; deleted at the end.</param>
/// <param name="Name">What the names of topics begin with.</param>
/// <param name="Progress">Who is told how far it is.</param>
sealed record TableContext(TableOptions Options, Broker Broker, ChaosDirectory Directory, string Name, TextWriter Progress)
{
    internal void Say(FormattableString line) => Progress.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
