using System.Runtime.InteropServices;
using Confluent.Kafka;
using static AkkaJoin.Pipeline.Kafka.Native.RdKafka;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// What producers and consumers of librdkafka have in common: how one is made, and how its errors are read.
/// </summary>
static unsafe class NativeClient
{
    internal const int ErrorLength = 512;
    const string DotnetPrefix = "dotnet."; // keys of Confluent.Kafka, which librdkafka does not know

    /// <summary>Makes a client.</summary>
    /// <param name="type"><see cref="Producer"/> or <see cref="Consumer"/>.</param>
    /// <param name="properties">librdkafka's keys.</param>
    /// <param name="owner">Handed to each callback.</param>
    /// <param name="setCallbacks">Given rd_kafka_conf_t.</param>
    /// <returns>rd_kafka_t.</returns>
    /// <exception cref="InvalidOperationException">
    /// librdkafka does not know a key, or refuses a value; the message says which.
    /// </exception>
    internal static nint Create(int type, IReadOnlyDictionary<string, string> properties, GCHandle owner, Action<nint> setCallbacks)
    {
        var error = stackalloc byte[ErrorLength];
        var conf = rd_kafka_conf_new();
        var handle = (nint)0;
        try
        {
            foreach (var (key, value) in properties)
            {
                if (!key.StartsWith(DotnetPrefix, StringComparison.Ordinal) && rd_kafka_conf_set(conf, key, value, error, ErrorLength) != 0)
                    throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
            }

            rd_kafka_conf_set_opaque(conf, GCHandle.ToIntPtr(owner));
            setCallbacks(conf);
            handle = rd_kafka_new(type, conf, error, ErrorLength);
            return handle != 0 ? handle : throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
        }
        finally
        {
            if (handle == 0) // else it belongs to the client
                rd_kafka_conf_destroy(conf);
        }
    }

    /// <summary>What an error callback was told. Behind a fatal error stands another one, which says more.</summary>
    internal static Error ToError(nint rk, int code, byte* reason)
    {
        var text = stackalloc byte[ErrorLength];
        var isFatal = (ErrorCode)code == ErrorCode.Local_Fatal;
        if (isFatal)
            code = rd_kafka_fatal_error(rk, text, ErrorLength);
        return new Error((ErrorCode)code, Marshal.PtrToStringUTF8((nint)(isFatal ? text : reason)), isFatal);
    }

    /// <summary>Reads and destroys rd_kafka_error_t; null where there is none.</summary>
    internal static Error? ToError(nint error)
    {
        if (error == 0)
            return null;
        var read = new Error((ErrorCode)rd_kafka_error_code(error), Marshal.PtrToStringUTF8((nint)rd_kafka_error_string(error)));
        rd_kafka_error_destroy(error);
        return read;
    }
}
