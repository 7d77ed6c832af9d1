using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using static AkkaJoin.Pipeline.Kafka.Native.RdKafka;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// A consumer of librdkafka. Its records are read by a <see cref="MessageReader"/>. The
/// <see cref="IRebalanceHandler"/> hears of rebalances within a read and within <see cref="Dispose"/>. Errors are told
/// there too. Used by one thread. Only logs come from librdkafka's own threads.
/// </summary>
sealed unsafe class NativeConsumer : IDisposable
{
    const int ResumesEach = 2;

    readonly Action<Error> _onError;
    readonly Action<string, string> _onLog;
    readonly IRebalanceHandler _handler;
    readonly Dictionary<string, nint> _topics = [];

    // Kept until the handle is destroyed: callbacks come until then.
    readonly GCHandle _self;
    Exception? _failure;

    /// <exception cref="InvalidOperationException">
    /// librdkafka does not know a key, or refuses a value; the message says which.
    /// </exception>
    internal NativeConsumer(
        IReadOnlyDictionary<string, string> properties, IRebalanceHandler handler, Action<Error> onError, Action<string, string> onLog)
    {
        _handler = handler;
        _onError = onError;
        _onLog = onLog;
        _self = GCHandle.Alloc(this);
        try
        {
            Handle = NativeClient.Create(Consumer, properties, _self, static conf =>
            {
                rd_kafka_conf_set_rebalance_cb(conf, &OnRebalance);
                rd_kafka_conf_set_error_cb(conf, &OnError);
                rd_kafka_conf_set_log_cb(conf, &OnLog);
            });
        }
        catch
        {
            _self.Free();
            throw;
        }

        // Errors and rebalances come by way of the consumer's queue then, on the thread that reads it.
        _ = rd_kafka_poll_set_consumer(Handle);
    }

    /// <summary>rd_kafka_t.</summary>
    internal nint Handle { get; }

    /// <summary>Throws what went wrong in a rebalance: no exception may pass through librdkafka.</summary>
    /// <exception cref="KafkaException">librdkafka refused what a rebalance came to.</exception>
    internal void ThrowIfFailed()
    {
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }

    /// <summary>Joins the consumer group for all partitions of these topics.</summary>
    /// <exception cref="KafkaException">A name is none that a topic may have.</exception>
    internal void Subscribe(IReadOnlyCollection<string> topics) => With(
        topics.Select(t => new TopicPartitionOffset(t, Partition.Any, Offset.Unset)), list => Check(rd_kafka_subscribe(Handle, list)));

    /// <summary>Reads nothing more of the partitions; what was fetched of them is dropped.</summary>
    internal void Pause(IEnumerable<TopicPartition> partitions) => With(AtNoOffset(partitions), list =>
    {
        Check(rd_kafka_pause_partitions(Handle, list));
        CheckEach(list);
    });

    /// <summary>Ends <see cref="Pause"/>.</summary>
    internal void Resume(IEnumerable<TopicPartition> partitions) => With(AtNoOffset(partitions), list =>
    {
        // librdkafka drops a resume that an operation of its own overtakes, in a rebalance say, and tells nobody: the
        // partition would stay paused for ever (librdkafka, issue 5591). It answers only when the first one is done or
        // dropped; then the next one resumes what is paused still, and does nothing to what is not.
        for (var i = 0; i < ResumesEach; i++)
        {
            Check(rd_kafka_resume_partitions(Handle, list));
            CheckEach(list);
        }
    });

    /// <summary>Reads an assigned partition from an offset on. Waits until librdkafka does so.</summary>
    /// <exception cref="KafkaException">
    /// <see cref="ErrorCode.Local_State"/>: the partition was assigned a moment ago. Try again.
    /// </exception>
    internal void Seek(string topic, int partition, long offset)
    {
        const int WithoutLimit = -1;
        Check(rd_kafka_seek(Topic(topic), partition, offset, WithoutLimit));
    }

    /// <summary>The consumer group's committed offset of each partition; negative where there is none.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="timeoutMs">The longest that it may take, ms.</param>
    /// <exception cref="TopicPartitionOffsetException">The brokers refused one partition.</exception>
    /// <exception cref="KafkaException">No answer in time, or a refusal of the whole.</exception>
    internal Dictionary<TopicPartition, long> Committed(IReadOnlyCollection<TopicPartition> partitions, int timeoutMs)
    {
        Dictionary<TopicPartition, long> committed = [];
        With(AtNoOffset(partitions), list =>
        {
            Check(rd_kafka_committed(Handle, list, timeoutMs));
            for (var i = 0; i < list->Count; i++)
            {
                ref var each = ref list->Elements[i];
                if (each.Error != 0)
                    throw Refused(in each);
                committed[Key(in each)] = each.Offset;
            }
        });
        return committed;
    }

    /// <summary>rd_kafka_topic_t, which lives as long as the consumer.</summary>
    internal nint Topic(string name)
    {
        if (_topics.TryGetValue(name, out var topic))
            return topic;
        topic = rd_kafka_topic_new(Handle, name, 0);
        if (topic == 0) // the subscription has been taken
            throw new InvalidOperationException($"librdkafka takes no topic of the name {name}");
        return _topics[name] = topic;
    }

    /// <summary>
    /// Leaves the consumer group, with a last rebalance, and closes. The queue of a reader is closed before.
    /// </summary>
    public void Dispose()
    {
        _ = rd_kafka_consumer_close(Handle);
        foreach (var topic in _topics.Values)
            rd_kafka_topic_destroy(topic);
        rd_kafka_destroy(Handle);
        _self.Free();
    }

    static NativeConsumer Of(nint opaque) => (NativeConsumer)GCHandle.FromIntPtr(opaque).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void OnRebalance(nint rk, int code, NativePartitionList* partitions, nint opaque) =>
        Of(opaque).Rebalance((ErrorCode)code, partitions);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void OnError(nint rk, int code, byte* reason, nint opaque) => Of(opaque)._onError(NativeClient.ToError(rk, code, reason));

    // From any of librdkafka's threads.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void OnLog(nint rk, int level, byte* facility, byte* text) =>
        Of(rd_kafka_opaque(rk))._onLog(Marshal.PtrToStringUTF8((nint)facility)!, Marshal.PtrToStringUTF8((nint)text)!);

    // librdkafka waits for the answer, which has to be an assign or an unassign in the group's own protocol: with
    // cooperative assignors the list is what comes or goes, with the older ones it is everything.
    void Rebalance(ErrorCode code, NativePartitionList* partitions)
    {
        var isCooperative = Marshal.PtrToStringUTF8((nint)rd_kafka_rebalance_protocol(Handle)) == "COOPERATIVE";
        IReadOnlyList<TopicPartitionOffset> starts = [];
        try
        {
            starts = Tell(code, partitions);
        }
        catch (Exception e)
        {
            _failure ??= e;
        }

        if (code == ErrorCode.Local_AssignPartitions)
            Assign(starts, isCooperative);
        else if (isCooperative)
            Note(NativeClient.ToError(rd_kafka_incremental_unassign(Handle, partitions)));
        else
            Note(rd_kafka_assign(Handle, null));
    }

    IReadOnlyList<TopicPartitionOffset> Tell(ErrorCode code, NativePartitionList* partitions)
    {
        if (code == ErrorCode.Local_AssignPartitions)
            return _handler.OnAssigned(Keys(partitions));
        if (code != ErrorCode.Local_RevokePartitions)
            throw new KafkaException(code);
        if (rd_kafka_assignment_lost(Handle) != 0)
            _handler.OnLost(Keys(partitions));
        else
            _handler.OnRevoked(Keys(partitions));
        return [];
    }

    void Assign(IEnumerable<TopicPartitionOffset> starts, bool isCooperative) => With(starts, list =>
    {
        if (isCooperative)
            Note(NativeClient.ToError(rd_kafka_incremental_assign(Handle, list)));
        else
            Note(rd_kafka_assign(Handle, list));
    });

    void Note(int code) => Note(code == 0 ? null : new Error((ErrorCode)code));

    void Note(Error? error)
    {
        if (error is not null)
            _failure ??= new KafkaException(error);
    }

    static IEnumerable<TopicPartitionOffset> AtNoOffset(IEnumerable<TopicPartition> partitions) =>
        partitions.Select(p => new TopicPartitionOffset(p, Offset.Unset));

    static void With(IEnumerable<TopicPartitionOffset> partitions, PartitionListAction action)
    {
        var list = rd_kafka_topic_partition_list_new(0);
        try
        {
            foreach (var p in partitions)
                rd_kafka_topic_partition_list_add(list, p.Topic, p.Partition.Value)->Offset = p.Offset.Value;
            action(list);
        }
        finally
        {
            rd_kafka_topic_partition_list_destroy(list);
        }
    }

    static List<TopicPartition> Keys(NativePartitionList* partitions)
    {
        var keys = new List<TopicPartition>(partitions->Count);
        for (var i = 0; i < partitions->Count; i++)
            keys.Add(Key(in partitions->Elements[i]));
        return keys;
    }

    static TopicPartition Key(in NativePartition partition) => new(Marshal.PtrToStringUTF8((nint)partition.Topic)!, partition.Partition);

    static TopicPartitionOffsetException Refused(in NativePartition partition) =>
        new([new TopicPartitionOffsetError(Key(in partition), partition.Offset, new Error((ErrorCode)partition.Error))]);

    static void CheckEach(NativePartitionList* list)
    {
        for (var i = 0; i < list->Count; i++)
            Check(list->Elements[i].Error);
    }

    static void Check(int code)
    {
        if (code != 0)
            throw new KafkaException((ErrorCode)code);
    }

    delegate void PartitionListAction(NativePartitionList* list);
}

/// <summary>
/// Hears of the rebalances of a <see cref="NativeConsumer"/>, on the thread that reads it. What it throws waits for
/// <see cref="NativeConsumer.ThrowIfFailed"/>.
/// </summary>
interface IRebalanceHandler
{
    /// <summary>Partitions come.</summary>
    /// <returns>The offset at which each is fetched at first.</returns>
    IReadOnlyList<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions);

    /// <summary>Partitions go to another consumer once this returns.</summary>
    void OnRevoked(List<TopicPartition> partitions);

    /// <summary>Partitions went to another consumer already.</summary>
    void OnLost(List<TopicPartition> partitions);
}
