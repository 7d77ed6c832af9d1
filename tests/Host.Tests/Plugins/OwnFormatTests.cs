using System.Globalization;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Plugins;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Tests;
using Confluent.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Plugins;

/// <summary>
/// Formats of a user's own assembly, which the program was not built with: it lies in a directory of its own beside the program, with a dependency
/// of its own and with copies of AkkaJoin.
/// </summary>
public sealed class OwnFormatTests : IDisposable
{
    const string Decoder = "OwnFormats.CommaDecoder, OwnFormats";
    const string Writer = "OwnFormats.CommaRowWriter, OwnFormats";
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-formats-");

    static string Built => Path.Combine(AppContext.BaseDirectory, "OwnFormats");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Its_types_are_the_program_s_although_copies_of_AkkaJoin_lie_beside_it()
    {
        Assert.True(File.Exists(Path.Combine(Built, "AkkaJoin.Pipeline.dll")));
        var decoder = DecoderFactory.Create(new SourceSettings { Topic = "t", Format = Decoder }, []);
        var decoded = new DecodedRecord();
        Assert.True(decoder.Decode(new ConsumedRecord { Value = "k,17,i"u8 }, decoded));
        Assert.Equal(17, decoded.Time);
        Assert.Equal("k"u8, decoded.Key.WrittenSpan);
        Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "AkkaJoin.Pipeline");
        Assert.Same(decoder.GetType(), DecoderFactory.Create(new SourceSettings { Topic = "t", Format = Decoder }, []).GetType());
    }

    [Fact]
    public void It_may_lie_in_the_program_s_own_directory_too()
    {
        foreach (var file in Directory.GetFiles(Built))
            File.Copy(file, Path.Combine(_directory.FullName, Path.GetFileName(file)));
        Assert.Equal("OwnFormats.CommaRowWriter", new PluginFinder(_directory.FullName).Find<IRowWriter>(Writer, out var problem)?.FullName);
        Assert.Empty(problem);
    }

    [Fact]
    public void A_dependency_that_is_missing_is_named_before_the_first_record()
    {
        File.Copy(Path.Combine(Built, "OwnFormats.dll"), Path.Combine(_directory.FullName, "OwnFormats.dll"));
        Assert.Null(new PluginFinder(_directory.FullName).Find<IRowWriter>(Writer, out var problem));
        Assert.Contains("OwnFormats.dll needs OwnText.dll, which is not beside it", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_assembly_no_type_the_wrong_type_and_a_file_that_is_none_are_told_apart()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "Text.dll"), "no assembly");
        var finder = new PluginFinder(_directory.FullName);
        Assert.Null(finder.Find<IRowWriter>("A.B, Nowhere", out var noAssembly));
        Assert.Contains($"there is no assembly Nowhere: put Nowhere.dll, with its .deps.json and its dependencies, into {_directory.FullName}", noAssembly, StringComparison.Ordinal);
        Assert.Null(finder.Find<IRowWriter>("A.B, Text", out var noImage));
        Assert.Contains("Text.dll cannot be loaded", noImage, StringComparison.Ordinal);
        Assert.Null(PluginFinder.Standard.Find<IRowWriter>("OwnFormats.Comma, OwnFormats", out var noType));
        Assert.Contains("has no type OwnFormats.Comma; it has OwnFormats.CommaRowWriter", noType, StringComparison.Ordinal);
        Assert.Null(PluginFinder.Standard.Find<IRowWriter>(Decoder, out var wrongType));
        Assert.Contains("does not implement AkkaJoin.Shards.Outputs.IRowWriter", wrongType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_run_and_validate_work_with_them()
    {
        using var kafka = new EmbeddedKafka();
        foreach (var topic in new[] { "own-left", "own-right", "own-rows", "own-rows.late", "own-rows.dead" })
            kafka.CreateTopic(topic, 1);
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build())
        {
            foreach (var line in Lines("l"))
                producer.Produce("own-left", new Message<Null, string> { Value = line });
            foreach (var line in Lines("r"))
                producer.Produce("own-right", new Message<Null, string> { Value = line });
            producer.Flush(TimeSpan.FromSeconds(30));
        }

        var file = Configure(kafka.BootstrapServers);
        Good(await EngineProcess.RunAsync("check", "-c", file));
        Assert.Contains("matched 100", Good(await EngineProcess.RunAsync("run", "--bounded", "-c", file)), StringComparison.Ordinal);
        Assert.Contains("own: exact", Good(await EngineProcess.RunAsync("validate", "-c", file)), StringComparison.Ordinal);
    }

    [LongFact]
    public async Task Chaos_feeds_them_from_files_and_stays_exact()
    {
        var (left, right) = (Path.Combine(_directory.FullName, "left.csv"), Path.Combine(_directory.FullName, "right.csv"));
        await File.WriteAllLinesAsync(left, Lines("l"));
        await File.WriteAllLinesAsync(right, Lines("r"));
        var output = Good(await EngineProcess.RunAsync(
            "chaos", "-c", Configure("127.0.0.1:1"), "--embedded", "--minutes", "0.1", "--faults", "10", "--input", left, right));
        Assert.Contains("EXACT", output, StringComparison.Ordinal);
    }

    static IEnumerable<string> Lines(string side) =>
        Enumerable.Range(0, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"k{i},{1_000 * i},{side}{i}"));

    static string Good((int Code, string Output, string Errors) run)
    {
        Assert.True(run.Code == 0, run.Output + run.Errors);
        return run.Output;
    }

    string Configure(string servers)
    {
        var file = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(file, $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{servers}}"
              sqlite.directory = "{{_directory.FullName}}/journal"
              admin.port = none
              joins.own {
                type = inner, before = 0s, after = 1m
                left { topic = own-left, format = "{{Decoder}}" }
                right { topic = own-right, format = "{{Decoder}}" }
                output { topic = own-rows, format = "{{Writer}}" }
              }
            }
            """);
        return file;
    }
}
