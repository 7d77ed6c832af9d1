using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Parts;

/// <summary>The parts beside the whole.</summary>
sealed record PartsResult(Machine Machine, string Broker, RunFigures Whole, double EventBytes, IReadOnlyList<Part> Parts);
