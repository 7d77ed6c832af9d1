using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;

namespace AkkaJoin.Shards.Tests.Encodings;

/// <summary>
/// Feeds a reader of foreign bytes with what a <see cref="Mutator"/> makes: it may refuse, and must neither fail otherwise, nor take memory beyond measure, nor time.
/// AKKAJOIN_FUZZ_INPUTS=1000000 makes so many inputs for each reader instead of a few thousand; AKKAJOIN_TEST_SEED=n makes the one of that seed alone.
/// </summary>
static class Fuzzer
{
    /// <summary>What a reader may take of memory for any input, bytes.</summary>
    internal const int AllocatedMin = 4 << 20;

    const int InputsShort = 3_000;
    const int AllocatedPerByte = 1_000;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="samples">Inputs that are right.</param>
    /// <param name="read">Reads one; throws nothing that is a refusal.</param>
    /// <param name="words">Words of the grammar, where it has any.</param>
    internal static void Run(IReadOnlyList<byte[]> samples, Action<byte[]> read, params string[] words) => Run(samples, AllocatedMin, read, words);

    /// <param name="samples">Inputs that are right.</param>
    /// <param name="allocatedMin">What the reader may take of memory for any input, bytes.</param>
    /// <param name="read">Reads one; throws nothing that is a refusal.</param>
    /// <param name="words">Words of the grammar, where it has any.</param>
    internal static void Run(IReadOnlyList<byte[]> samples, int allocatedMin, Action<byte[]> read, params string[] words)
    {
        var mutator = new Mutator(samples, words);
        var only = Number("AKKAJOIN_TEST_SEED");
        var last = only ?? Number("AKKAJOIN_FUZZ_INPUTS") ?? InputsShort;
        for (var seed = only ?? 1; seed <= last; seed++)
            Check(seed, mutator.Next(new Random(seed)), allocatedMin, read);
    }

    static void Check(int seed, byte[] bytes, int allocatedMin, Action<byte[]> read)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var begin = Stopwatch.GetTimestamp();
        var input = bytes.ToArray();
        try
        {
            read(input);
        }
        catch (Exception e)
        {
            throw Failure(seed, bytes, $"{e.GetType().Name}: {e.Message}", e);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > allocatedMin + ((long)bytes.Length * AllocatedPerByte))
            throw Failure(seed, bytes, $"{allocated:N0} bytes of memory");
        if (Stopwatch.GetElapsedTime(begin) > Longest)
            throw Failure(seed, bytes, $"{Stopwatch.GetElapsedTime(begin).TotalSeconds:F1} s");
    }

    static XunitException Failure(int seed, byte[] bytes, string what, Exception? cause = null) => new(
        $"seed {seed} (run it alone with AKKAJOIN_TEST_SEED={seed}): {what}; {bytes.Length} bytes: {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 400)))}", cause);

    static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
