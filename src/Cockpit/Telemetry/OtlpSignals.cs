using Microsoft.Extensions.Configuration;

namespace AkkaJoin.Cockpit.Telemetry;

/// <summary>
/// What goes out by OTLP, as the standard variables say: nothing where no endpoint is named. Endpoint, protocol,
/// headers, certificates and intervals are read by the exporters themselves, from variables of the same standard.
/// </summary>
/// <param name="Metrics">Whether metrics do.</param>
/// <param name="Logs">Whether log entries do.</param>
/// <param name="Traces">Whether spans do.</param>
sealed record OtlpSignals(bool Metrics, bool Logs, bool Traces)
{
    /// <summary>
    /// Whether <c>OTEL_SDK_DISABLED</c> is on: then nothing is collected, for <c>/metrics</c> neither.
    /// </summary>
    public bool IsDisabled { get; private init; }

    /// <summary>Reads the variables.</summary>
    internal static OtlpSignals Of(IConfiguration environment)
    {
        var isDisabled = string.Equals(environment["OTEL_SDK_DISABLED"]?.Trim(), "true", StringComparison.OrdinalIgnoreCase);
        bool IsOn(string signal) => !isDisabled && OtlpSignals.IsOn(environment, signal);
        return new OtlpSignals(IsOn("METRICS"), IsOn("LOGS"), IsOn("TRACES")) { IsDisabled = isDisabled };
    }

    // OTEL_METRICS_EXPORTER is a list: none, otlp, prometheus. It can take a signal out that has an endpoint.
    static bool IsOn(IConfiguration environment, string signal)
    {
        var exporters = environment[$"OTEL_{signal}_EXPORTER"]?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        if (exporters is not ([] or [""]) && !exporters.Contains("otlp", StringComparer.OrdinalIgnoreCase))
            return false;
        return IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");

        bool IsSet(string name) => environment[name] is { Length: > 0 };
    }
}
