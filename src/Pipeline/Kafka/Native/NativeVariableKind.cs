namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>rd_kafka_vtype_t: what a <see cref="NativeVariable"/> holds.</summary>
enum NativeVariableKind
{
    /// <summary>RD_KAFKA_VTYPE_RKT.</summary>
    Topic = 2,

    /// <summary>RD_KAFKA_VTYPE_VALUE.</summary>
    Value = 4,

    /// <summary>RD_KAFKA_VTYPE_KEY.</summary>
    Key = 5,

    /// <summary>RD_KAFKA_VTYPE_OPAQUE.</summary>
    Opaque = 6,

    /// <summary>RD_KAFKA_VTYPE_MSGFLAGS.</summary>
    Flags = 7,

    /// <summary>RD_KAFKA_VTYPE_TIMESTAMP.</summary>
    Timestamp = 8,

    /// <summary>RD_KAFKA_VTYPE_HEADERS.</summary>
    Headers = 10,
}
