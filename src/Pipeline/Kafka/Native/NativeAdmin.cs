using System.Runtime.InteropServices;
using Confluent.Kafka;
using static AkkaJoin.Pipeline.Kafka.Native.RdKafka;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// Questions about topics, asked by the connections of a client, and with what it knows of the topics: a consumer that
/// was assigned a new partition knows its leader. Each waits for the answer. Any thread.
/// </summary>
static unsafe class NativeAdmin
{
    const int WithoutLimit = -1; // the request has a limit, and is answered at the latest then

    /// <summary>An offset of each partition, or why there is none, in any order.</summary>
    /// <param name="rk">rd_kafka_t.</param>
    /// <param name="partitions">The partitions, at least one.</param>
    /// <param name="spec"><see cref="Earliest"/> or <see cref="Latest"/>.</param>
    /// <param name="isolation">Whether <see cref="Latest"/> is the end that read_committed shows.</param>
    /// <param name="timeoutMs">The longest that it may take, ms.</param>
    /// <exception cref="KafkaException">No answer in time, or a refusal of the whole.</exception>
    internal static List<TopicPartitionOffsetError> ListOffsets(
        nint rk, IReadOnlyCollection<TopicPartition> partitions, long spec, IsolationLevel isolation, int timeoutMs)
    {
        var list = rd_kafka_topic_partition_list_new(partitions.Count);
        try
        {
            foreach (var p in partitions)
                rd_kafka_topic_partition_list_add(list, p.Topic, p.Partition.Value)->Offset = spec;
            return Ask(
                rk,
                OpListOffsets,
                timeoutMs,
                (options, queue) =>
                {
                    // Refused only of a level that does not exist.
                    Throw(NativeClient.ToError(rd_kafka_AdminOptions_set_isolation_level(options, (int)isolation)));
                    rd_kafka_ListOffsets(rk, list, options, queue);
                },
                ReadOffsets);
        }
        finally
        {
            rd_kafka_topic_partition_list_destroy(list);
        }
    }

    /// <summary>Each topic's partitions and id, or why there are none.</summary>
    /// <param name="rk">rd_kafka_t.</param>
    /// <param name="topics">The topics, at least one.</param>
    /// <param name="timeoutMs">The longest that it may take, ms.</param>
    /// <exception cref="KafkaException">No answer in time, or a refusal of the whole.</exception>
    internal static List<NativeTopic> DescribeTopics(nint rk, IReadOnlyCollection<string> topics, int timeoutMs)
    {
        var names = topics.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        nint collection;
        fixed (nint* first = names)
            collection = rd_kafka_TopicCollection_of_topic_names((byte**)first, (nuint)names.Length);
        try
        {
            return Ask(
                rk, OpDescribeTopics, timeoutMs, (options, queue) => rd_kafka_DescribeTopics(rk, collection, options, queue), ReadTopics);
        }
        finally
        {
            rd_kafka_TopicCollection_destroy(collection);
            foreach (var name in names)
                Marshal.FreeCoTaskMem(name);
        }
    }

    /// <summary>Asks the brokers who leads the partitions of a topic, so that the client knows it.</summary>
    /// <param name="rk">rd_kafka_t.</param>
    /// <param name="topic">rd_kafka_topic_t.</param>
    /// <param name="timeoutMs">The longest that it may take, ms.</param>
    /// <exception cref="KafkaException">No answer in time.</exception>
    internal static void LearnLeaders(nint rk, nint topic, int timeoutMs)
    {
        nint metadata;
        var error = rd_kafka_metadata(rk, 0, topic, &metadata, timeoutMs);
        if (error != 0)
            throw new KafkaException((ErrorCode)error);
        rd_kafka_metadata_destroy(metadata);
    }

    static List<T> Ask<T>(nint rk, int operation, int timeoutMs, Action<nint, nint> send, Func<nint, List<T>> read)
    {
        var error = stackalloc byte[NativeClient.ErrorLength];
        var options = rd_kafka_AdminOptions_new(rk, operation);
        var queue = rd_kafka_queue_new(rk);
        var answer = (nint)0;
        try
        {
            var code = rd_kafka_AdminOptions_set_request_timeout(options, timeoutMs, error, NativeClient.ErrorLength);
            if (code != 0)
                throw new KafkaException(new Error((ErrorCode)code, Marshal.PtrToStringUTF8((nint)error)));
            send(options, queue);
            answer = rd_kafka_queue_poll(queue, WithoutLimit);
            if (answer == 0)
                throw new KafkaException(ErrorCode.Local_TimedOut);
            code = rd_kafka_event_error(answer);
            if (code != 0)
                throw new KafkaException(new Error((ErrorCode)code, Marshal.PtrToStringUTF8((nint)rd_kafka_event_error_string(answer))));
            return read(answer);
        }
        finally
        {
            if (answer != 0)
                rd_kafka_event_destroy(answer);
            rd_kafka_queue_destroy(queue);
            rd_kafka_AdminOptions_destroy(options);
        }
    }

    static List<TopicPartitionOffsetError> ReadOffsets(nint answer)
    {
        nuint count;
        var infos = rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(answer), &count);
        var read = new List<TopicPartitionOffsetError>((int)count);
        for (nuint i = 0; i < count; i++)
        {
            var p = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
            read.Add(new TopicPartitionOffsetError(
                Marshal.PtrToStringUTF8((nint)p->Topic)!, p->Partition, p->Offset, new Error((ErrorCode)p->Error)));
        }

        return read;
    }

    static List<NativeTopic> ReadTopics(nint answer)
    {
        nuint count;
        var topics = rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(answer), &count);
        var read = new List<NativeTopic>((int)count);
        for (nuint i = 0; i < count; i++)
        {
            nuint partitions;
            rd_kafka_TopicDescription_partitions(topics[i], &partitions);
            var error = rd_kafka_TopicDescription_error(topics[i]); // belongs to the answer
            var id = rd_kafka_TopicDescription_topic_id(topics[i]);
            read.Add(new NativeTopic(
                Marshal.PtrToStringUTF8((nint)rd_kafka_TopicDescription_name(topics[i]))!,
                (int)partitions,
                id == 0 ? null : new Uuid(rd_kafka_Uuid_most_significant_bits(id), rd_kafka_Uuid_least_significant_bits(id)),
                error == 0
                    ? new Error(ErrorCode.NoError)
                    : new Error((ErrorCode)rd_kafka_error_code(error), Marshal.PtrToStringUTF8((nint)rd_kafka_error_string(error)))));
        }

        return read;
    }

    static void Throw(Error? error)
    {
        if (error is not null)
            throw new KafkaException(error);
    }
}

/// <summary>A topic as the brokers describe it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Partitions">The number of its partitions.</param>
/// <param name="Id">Its id; null where the broker knows none.</param>
/// <param name="Error">Why it is not described.</param>
sealed record NativeTopic(string Name, int Partitions, Uuid? Id, Error Error);
