using System.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary><see cref="OutputHeaders"/> as the producer takes them.</summary>
static class HeaderNames
{
    internal static byte[] Id { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Id);

    internal static byte[] Join { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Join);

    internal static byte[] Row { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Row);

    internal static byte[] SourceTimestamp { get; } = Encoding.UTF8.GetBytes(OutputHeaders.SourceTimestamp);

    internal static byte[] Writer { get; } = Encoding.UTF8.GetBytes(OutputHeaders.Writer);
}
