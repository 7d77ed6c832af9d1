namespace AkkaJoin.Shards.Tests.Conditions;

/// <summary>What code allocates on the thread that runs it.</summary>
static class Allocation
{
    /// <summary>
    /// Bytes that a thousand calls allocate: the least of ten times, since the runtime itself may allocate on this thread while it compiles what is called often.
    /// </summary>
    internal static long OfThousand(Action call) => Enumerable.Range(0, 10).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
