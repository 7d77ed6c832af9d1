using System.Globalization;
using System.Text;
using Akka;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Sources;

namespace KilledApplication;

/// <summary>
/// The lines of a file for each partition, "0" and "1" in a directory. An offset is the number of a line.
/// </summary>
sealed class FileSource(string directory) : IRecordSource
{
    public string Topic { get; } = Path.GetFileName(directory);

    public int Partitions => 2;

    public Source<OffsetRecord, NotUsed> Read(int partition, long offset)
    {
        var lines = File.ReadLines(Path.Combine(directory, partition.ToString(CultureInfo.InvariantCulture)))
            .Select((line, number) => new OffsetRecord(number, Encoding.UTF8.GetBytes(line)));

        // It never completes: more may come.
        return Source.From(lines.Skip((int)offset)).Concat(Source.Maybe<OffsetRecord>().MapMaterializedValue(_ => NotUsed.Instance));
    }
}
