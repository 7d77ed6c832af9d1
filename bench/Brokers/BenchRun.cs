using AkkaJoin.Host.Chaos;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Brokers;

/// <summary>What a measurement has while it lasts: a broker, a directory that goes away at its end, a name of its own, and a place to tell how far it is.</summary>
sealed class BenchRun : IDisposable
{
    const string Prefix = "akkajoin-bench-";
    readonly TextWriter _progress;

    BenchRun(string root, Broker broker, TextWriter progress)
    {
        _progress = progress;
        Broker = broker;
        Directory = ChaosDirectory.In(root);
        Name = "bench-" + Path.GetFileName(root)[Prefix.Length..];
    }

    /// <summary>The broker.</summary>
    internal Broker Broker { get; }

    /// <summary>Where files go.</summary>
    internal ChaosDirectory Directory { get; }

    /// <summary>What the names of topics and consumer groups begin with.</summary>
    internal string Name { get; }

    /// <param name="kafka">host:port of a broker; null = the one of the environment, or one of its own.</param>
    /// <param name="progress">Who is told how far it is.</param>
    /// <exception cref="UserException">There is no broker, or it does not start.</exception>
    internal static BenchRun Open(string? kafka, TextWriter progress)
    {
        progress.WriteLine($"starting: {kafka ?? "a broker"}");
        var broker = Broker.Open(kafka);
        return new BenchRun(System.IO.Directory.CreateTempSubdirectory(Prefix).FullName, broker, progress);
    }

    /// <summary>Tells how far it is.</summary>
    internal void Say(FormattableString line) => _progress.WriteLine(FormattableString.Invariant(line));

    /// <inheritdoc/>
    public void Dispose()
    {
        Broker.Dispose();
        System.IO.Directory.Delete(Directory.Root, recursive: true);
    }
}
