using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Parts;

/// <summary>The parts beside the whole.</summary>
sealed record PartsResult(Machine Machine, string Broker, RunFigures Whole, double EventBytes, IReadOnlyList<Part> Parts);

/// <summary>What a part costs.</summary>
/// <param name="Name">The part.</param>
/// <param name="CpuPerRecord">us of CPU per input record.</param>
/// <param name="What">What was measured.</param>
/// <param name="InSum">Whether it is a part of the inner join.</param>
sealed record Part(string Name, double CpuPerRecord, string What, bool InSum = true);
