namespace AkkaJoin.Pipeline.Decoding;

/// <summary>The words in the reason header of a dead letter.</summary>
public static class DeadLetterReasons
{
    /// <summary>The value is no JSON.</summary>
    public const string MalformedJson = "malformed-json";

    /// <summary>The value is JSON but no object.</summary>
    public const string NotAnObject = "not-an-object";

    /// <summary>A part of the key is an object or an array.</summary>
    public const string BadKey = "bad-key";

    /// <summary>There is no event time.</summary>
    public const string MissingTime = "missing-time";

    /// <summary>The event time is not in the configured format, or out of range.</summary>
    public const string BadTime = "bad-time";

    /// <summary>
    /// The event time is further ahead of the join's clock than <c>max-ahead-of-wall-clock</c> allows.
    /// </summary>
    public const string TimeAhead = "time-ahead";

    /// <summary>The event time is below <c>min-time</c>.</summary>
    public const string TimeBehind = "time-behind";

    /// <summary>The id is an object or an array.</summary>
    public const string BadId = "bad-id";

    /// <summary>
    /// A field that a condition reads is a number of more digits, or a higher or lower exponent, than are compared
    /// exactly.
    /// </summary>
    public const string BadNumber = "bad-number";

    /// <summary>The value is null where key or time come from it.</summary>
    public const string NullValue = "null-value";

    /// <summary>A decoder of the user's own threw an exception.</summary>
    public const string DecoderFailed = "decoder-failed";
}
