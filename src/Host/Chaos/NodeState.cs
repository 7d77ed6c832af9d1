namespace AkkaJoin.Host.Chaos;

/// <summary>What a node does, as its supervisor knows it.</summary>
enum NodeState
{
    /// <summary>No process, or one whose joins do not run yet.</summary>
    Starting,

    /// <summary>The joins run.</summary>
    Running,

    /// <summary>Stopped by SIGSTOP.</summary>
    Frozen,

    /// <summary>Told to end, or killed.</summary>
    Ending,
}
