using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using static AkkaJoin.Pipeline.Kafka.Native.RdKafka;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// A producer of librdkafka. It copies the bytes of a record, or borrows them until the record's report, and takes its
/// headers. The <see cref="Delivery"/> that came with a record hears what became of it, on the producer's own thread.
/// Thread safe but for <see cref="Dispose"/>, which comes last.
/// </summary>
sealed unsafe class NativeProducer : IDisposable
{
    const int PollMs = 100;
    const int VariablesMax = 7;
    readonly Action<Error> _onError;
    readonly Action<string, string> _onLog;
    readonly Lock _gate = new();
    readonly Thread _poller;

    // Kept until the handle is destroyed: callbacks come until then.
    readonly GCHandle _self;
    readonly nint _handle;
    volatile (string Name, nint Handle)[] _topics = [];
    volatile bool _closing;

    // Threads within TryProduce. The handle is not destroyed while there are any; one that comes after _closing is set
    // finds it set.
    int _producing;

    /// <exception cref="InvalidOperationException">
    /// librdkafka does not know a key, or refuses a value; the message says which.
    /// </exception>
    internal NativeProducer(IReadOnlyDictionary<string, string> properties, Action<Error> onError, Action<string, string> onLog)
    {
        _onError = onError;
        _onLog = onLog;
        _self = GCHandle.Alloc(this);
        try
        {
            _handle = NativeClient.Create(RdKafka.Producer, properties, _self, static conf =>
            {
                rd_kafka_conf_set_dr_msg_cb(conf, &OnDelivered);
                rd_kafka_conf_set_error_cb(conf, &OnError);
                rd_kafka_conf_set_log_cb(conf, &OnLog);
            });
        }
        catch
        {
            _self.Free();
            throw;
        }

        _poller = new Thread(Poll) { Name = "kafka-producer", IsBackground = true };
        _poller.Start();
    }

    /// <summary>Puts a record into the producer's queue.</summary>
    /// <returns>
    /// Null, or why the record was not taken; then its headers are still the caller's.
    /// <see cref="ErrorCode.Local_QueueFull"/> passes.
    /// </returns>
    internal Error? TryProduce(string topic, in OutgoingRecord record, Delivery delivery)
    {
        Interlocked.Increment(ref _producing);
        try
        {
            return _closing ? new Error(ErrorCode.Local_Destroy) : Produce(topic, record, delivery);
        }
        finally
        {
            Interlocked.Decrement(ref _producing);
        }
    }

    /// <summary>Waits until every record is acknowledged or refused, at most so long.</summary>
    /// <param name="timeoutMs">How long, ms. 0 does not wait.</param>
    internal void Flush(int timeoutMs)
    {
        if (!_closing)
            _ = rd_kafka_flush(_handle, timeoutMs);
    }

    /// <summary>Closes without waiting for records; each that has no report yet gets one.</summary>
    public void Dispose()
    {
        const int ReportsMs = 5_000;
        if (_closing)
            return;
        _closing = true;
        Interlocked.MemoryBarrier();
        SpinWait.SpinUntil(() => Volatile.Read(ref _producing) == 0);
        _poller.Join();
        _ = rd_kafka_purge(_handle, PurgeAll);
        _ = rd_kafka_flush(_handle, ReportsMs);
        foreach (var (_, handle) in _topics)
            rd_kafka_topic_destroy(handle);
        rd_kafka_destroy(_handle);
        _self.Free();
    }

    [SkipLocalsInit]
    Error? Produce(string topic, in OutgoingRecord record, Delivery delivery)
    {
        byte nothing = 0; // a null pointer is a null key or value, and an empty span may be one
        var variables = stackalloc NativeVariable[VariablesMax];
        fixed (byte* key = record.Key, value = record.Value)
        {
            var k = record.KeyIsNull ? null : key == null ? &nothing : key;
            var v = record.ValueIsNull ? null : value == null ? &nothing : value;
            variables[0] = new NativeVariable { Kind = NativeVariableKind.Topic, Content = Topic(topic) };
            variables[1] = new NativeVariable { Kind = NativeVariableKind.Key, Content = (nint)k, Length = record.Key.Length };
            variables[2] = new NativeVariable { Kind = NativeVariableKind.Value, Content = (nint)v, Length = record.Value.Length };
            variables[3] = new NativeVariable { Kind = NativeVariableKind.Flags, Content = record.ValueIsPinned ? 0 : Copy };
            variables[4] = new NativeVariable { Kind = NativeVariableKind.Timestamp, Content = (nint)Math.Max(0, record.TimestampMs) };
            variables[5] = new NativeVariable { Kind = NativeVariableKind.Headers, Content = record.Headers.List };
            variables[6] = new NativeVariable { Kind = NativeVariableKind.Opaque, Content = delivery.Opaque };
            return NativeClient.ToError(rd_kafka_produceva(_handle, variables, VariablesMax));
        }
    }

    static NativeProducer Of(nint opaque) => (NativeProducer)GCHandle.FromIntPtr(opaque).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void OnDelivered(nint rk, NativeMessage* message, nint opaque) =>
        Delivery.Of(message->Private).Reported(Of(opaque).NameOf(message->Topic), message);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void OnError(nint rk, int code, byte* reason, nint opaque) => Of(opaque)._onError(NativeClient.ToError(rk, code, reason));

    // From any of librdkafka's threads.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void OnLog(nint rk, int level, byte* facility, byte* text) =>
        Of(rd_kafka_opaque(rk))._onLog(Marshal.PtrToStringUTF8((nint)facility)!, Marshal.PtrToStringUTF8((nint)text)!);

    void Poll()
    {
        while (!_closing)
            _ = rd_kafka_poll(_handle, PollMs);
    }

    nint Topic(string name)
    {
        foreach (var (known, handle) in _topics)
        {
            if (known == name)
                return handle;
        }

        return NewTopic(name);
    }

    nint NewTopic(string name)
    {
        lock (_gate)
        {
            if (Array.Find(_topics, t => t.Name == name) is { Name: not null } known)
                return known.Handle;
            var handle = rd_kafka_topic_new(_handle, name, 0);
            if (handle == 0) // the settings' reader has looked at the name
                throw new InvalidOperationException($"librdkafka takes no topic of the name {name}");
            _topics = [.. _topics, (name, handle)];
            return handle;
        }
    }

    string NameOf(nint topic)
    {
        foreach (var (name, handle) in _topics)
        {
            if (handle == topic)
                return name;
        }

        return Marshal.PtrToStringUTF8((nint)RdKafka.rd_kafka_topic_name(topic))!;
    }
}
