using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>Samples the topics of a join and tells why it gives nothing.</summary>
static class DiagnosisRun
{
    // Each reads as fast as the broker gives, and keeps its sample in memory.
    const int AtOnceMax = 2;
    static readonly SemaphoreSlim Slots = new(AtOnceMax);

    /// <summary>The diagnosis of a join. More than two at once wait for each other.</summary>
    /// <param name="kafka">How the brokers are reached.</param>
    /// <param name="join">The join; it need not run.</param>
    /// <param name="running">The join as it runs on this node; null = it does not.</param>
    /// <param name="limits">How much is read.</param>
    /// <param name="stopping">Nobody waits for it any more.</param>
    /// <exception cref="UserException">There is no such topic, or the broker does not answer.</exception>
    internal static async Task<JoinDiagnosis> RunAsync(
        KafkaSettings kafka, JoinSettings join, RunningJoin? running, SampleLimits limits, CancellationToken stopping)
    {
        await Slots.WaitAsync(stopping);
        try
        {
            var sampler = new TopicSampler(kafka, limits);
            var left = sampler.ReadAsync(join.Left.Topic, stopping);
            var right = join.Right.Topic == join.Left.Topic ? left : sampler.ReadAsync(join.Right.Topic, stopping);
            await Task.WhenAll(left, right);
            var times = running is null ? EventTimeLimits.Of(join) : EventTimeLimits.Of(running.Definition);
            var nowMs = running?.Orders?.NowMs ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            return SampleAnalysis.Of(
                join,
                SampleDecoder.Decode(join, Side.Left, await left, times, nowMs),
                SampleDecoder.Decode(join, Side.Right, await right, times, nowMs));
        }
        finally
        {
            Slots.Release();
        }
    }
}
