namespace AkkaJoin.Bench.Scaling;

/// <summary>What had been used at some moment of a run.</summary>
/// <param name="Seconds">Since the load came.</param>
/// <param name="Rows">Rows in the output topic.</param>
/// <param name="Nodes">CPU of all nodes, s.</param>
/// <param name="Postgresql">CPU of PostgreSQL, s.</param>
/// <param name="Broker">CPU of the broker, s; NaN where it is not ours.</param>
readonly record struct CpuSample(double Seconds, long Rows, double Nodes, double Postgresql, double Broker)
{
    /// <summary>The moment at which so many rows were there, between two samples by rule of three.</summary>
    internal static CpuSample At(IReadOnlyList<CpuSample> samples, double rows)
    {
        var after = 1;
        while (after < samples.Count - 1 && samples[after].Rows < rows)
            after++;
        var (a, b) = (samples[after - 1], samples[after]);
        var share = b.Rows == a.Rows ? 0 : (rows - a.Rows) / (b.Rows - a.Rows);
        double Between(Func<CpuSample, double> value) => value(a) + (value(b) - value(a)) * share;
        return new CpuSample(Between(s => s.Seconds), (long)rows, Between(s => s.Nodes), Between(s => s.Postgresql), Between(s => s.Broker));
    }
}
