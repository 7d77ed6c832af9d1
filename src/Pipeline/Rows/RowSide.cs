using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Rows;

/// <summary>What a row writer has to know of an input.</summary>
/// <param name="CompositeKey">Whether its key is a JSON array of several fields.</param>
/// <param name="Raw">Whether its values are no JSON, so that they are embedded as base64.</param>
readonly record struct RowSide(bool CompositeKey, bool Raw)
{
    /// <summary>What these settings say. Formats other than json and raw are taken for raw.</summary>
    public static RowSide Of(SourceSettings source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new RowSide(source.KeyPaths.Count > 1, source.Format != "json");
    }
}
