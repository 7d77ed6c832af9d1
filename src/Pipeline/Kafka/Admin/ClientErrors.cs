using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>
/// What a client's own threads hear from its brokers. A request without an answer fails without a reason; the reason is
/// here. Any thread.
/// </summary>
sealed class ClientErrors
{
    // In librdkafka's reason for a connection that ends while TLS begins, whose code says no more than that.
    const string InHandshake = "in state SSL_HANDSHAKE";
    volatile Error? _last;
    volatile Error? _refusal;

    /// <summary>The last reason that names one; null = none was told.</summary>
    internal string? Reason => (_refusal ?? _last)?.Reason;

    /// <summary>
    /// Whether a broker refused this client, or was refused by it: credentials, mechanism, certificate.
    /// </summary>
    internal bool IsRefused => _refusal is not null;

    /// <summary>
    /// Whether another try surely fails too. A handshake that ends with the connection may be one with a broker that is
    /// starting.
    /// </summary>
    internal bool IsRefusedForGood => IsRefused && !IsCutOff;

    /// <summary>Hears of an error.</summary>
    internal void Tell(Error error)
    {
        if (IsRefusal(error))
            _refusal = error;
        else if (error.Code != ErrorCode.Local_AllBrokersDown)
            _last = error; // that all are down is what the others come to
    }

    /// <summary>The refusal as a mistake in the configuration.</summary>
    /// <param name="servers">The brokers.</param>
    /// <param name="block">Which part of the configuration: client, consumer or producer.</param>
    internal UserException Refused(string servers, string block) => new(
        $"the brokers at {servers} and this client do not take each other: "
        + $"{OneLine(Reason)}{(IsCutOff ? "; a listener without TLS does so" : "")}. "
        + $"Look at security.protocol, sasl.* and ssl.* in akkajoin.kafka.{block}",
        ConfigException.Code);

    /// <summary>Whether an error is about who may connect.</summary>
    internal static bool IsRefusal(Error error) => error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl
        or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState
        || error.Reason.Contains(InHandshake, StringComparison.Ordinal);

    bool IsCutOff => _refusal?.Reason.Contains("Disconnected", StringComparison.Ordinal) == true;

    static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
