namespace AkkaJoin.Shards.Outputs;

/// <summary>What key groups need so that a row which is in the output topic is not written again. One per node and join; thread safe.</summary>
interface IOutputTail
{
    /// <summary>Where what is handed to this node's producer from now on can begin.</summary>
    OutputPositions Produced { get; }

    /// <summary>Finds out which outputs are there. Waits for a broker that is away; fails only where no waiting helps.</summary>
    Task<TailAnswer> ReadAsync(TailQuestion question);
}
