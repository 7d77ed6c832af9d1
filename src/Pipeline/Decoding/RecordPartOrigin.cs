namespace AkkaJoin.Pipeline.Decoding;

/// <summary>In what a part of a record stands.</summary>
enum RecordPartOrigin
{
    /// <summary>In the JSON value.</summary>
    Value,

    /// <summary>In the JSON of the record key.</summary>
    RecordKey,

    /// <summary>In a header: the last one of its name.</summary>
    Header,
}
