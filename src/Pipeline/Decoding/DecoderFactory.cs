using AkkaJoin.Pipeline.Plugins;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>Makes the decoder that an input's settings name.</summary>
static class DecoderFactory
{
    /// <summary>Makes a decoder. It is used by one thread at a time, so each reader makes its own.</summary>
    /// <param name="source">The input.</param>
    /// <param name="fields">The paths of the fields that conditions read, in the order of their encoding.</param>
    /// <exception cref="UserException">The settings name no decoder, or one that cannot be made of them.</exception>
    public static IRecordDecoder Create(SourceSettings source, IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            return source.Format switch
            {
                "json" => new JsonDecoder(source, fields),
                "raw" when IsFoundOutsideTheValue(source) && fields.Count == 0 => new JsonDecoder(source, fields),
                "raw" => new RawDecoder(source, fields),
                _ when source.Filter is null => Named(source, fields),
                _ => Filtering(source, source.Filter, fields),
            };
        }
        catch (FormatException e)
        {
            throw new UserException($"the topic {source.Topic}: {e.Message}", 78);
        }
    }

    // In headers, or in the JSON of the record key.
    static bool IsFoundOutsideTheValue(SourceSettings source)
    {
        string?[] parts = [.. source.KeyPaths, source.TimePath, source.IdPath];
        return Array.Exists(parts, part => part is not null)
            && Array.TrueForAll(parts, part => part is null || RecordPart.OriginOf(part) != RecordPartOrigin.Value);
    }

    static FilteringDecoder Filtering(SourceSettings source, ParsedFilter alone, IReadOnlyList<string> fields)
    {
        var filter = WhereParser.ParseFilter(alone.Text, fields);
        int[] positions = [.. alone.Fields.Select(field => filter.Fields.ToList()
            .FindIndex(f => FieldPath.Parse(f).SequenceEqual(FieldPath.Parse(field))))];
        return new FilteringDecoder(Named(source, filter.Fields), filter, fields.Count, positions);
    }

    static IRecordDecoder Named(SourceSettings source, IReadOnlyList<string> fields) =>
        NamedType.Create<IRecordDecoder>(source.Format, "json, raw", source.Services, source, fields);
}
