using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// Finds the very librdkafka that Confluent.Kafka has loaded, also where that is not the plain build.
/// </summary>
static class NativeLibraries
{
    internal const string RdKafka = "librdkafka";

    // Confluent.Kafka's own order: the plain build needs libsasl2.so.3, which Debian and Ubuntu do not have.
    static readonly string[] Builds = [RdKafka, "centos8-librdkafka", "alpine-librdkafka"];

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>Must run before the first native call; the work is the static constructor's.</summary>
    internal static void Ensure()
    {
    }

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != RdKafka)
            return 0;
        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, typeof(Library).Assembly, path, out var handle))
                return handle;
        }

        return 0;
    }
}
