using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Shards.Tests;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>
/// An application whose join reads sources of its own and gives its rows to it, as a process that is really killed.
/// </summary>
public sealed class KilledApplicationTests : IDisposable
{
    const int Records = 4_000, Partitions = 2, Kills = 4;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly ITestOutputHelper _output;
    readonly EmbeddedKafka _kafka = JoiningApplication.Kafka();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-killed-");
    readonly StringBuilder _said = new(); // by the application, of which two threads tell
    Process? _app;

    public KilledApplicationTests(ITestOutputHelper output)
    {
        _output = output;

        // The rate lets each run come some way, and not to the end. Late records and dead letters need the broker.
        File.WriteAllText(
            In("akkajoin.conf"),
            $$"""
            akkajoin {
              kafka.bootstrap-servers = "{{_kafka.BootstrapServers}}"
              sqlite.directory = "{{In("journal")}}"
              cluster.lease-timeout = 5s
              joins.visits {
                type = inner, before = 0s, after = 10s, key-groups = 4, max-rate = 1000
                left { from = source, topic = impressions, key = k, time = t }
                right { from = source, topic = plays, key = k, time = t }
                output { to = source, topic = rows }
              }
            }
            """);
    }

    // Where it lies beside this project's own output.
    static string Program => Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, $"../../../../Plugins/KilledApplication/bin/{Configuration}/net10.0/KilledApplication.dll"));

    static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public void Dispose()
    {
        Kill();
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [LongFact]
    public async Task An_application_that_is_killed_while_it_reads_and_confirms_gets_each_row_at_least_once_and_by_its_id_once()
    {
        const int seed = 20_261_130;
        _output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var expected = Fill(random);

        var written = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            Start();
            written = await UntilAsync(written + random.Next(1, expected.Count / (Kills + 2)));
            Kill();
            _output.WriteLine($"killed with {RowLines().Count} of {expected.Count} rows");
        }

        Assert.True(Distinct().Count < expected.Count, "every kill was before the end");
        Start();
        var began = Stopwatch.GetTimestamp();
        while (Distinct().Count < expected.Count)
            await PauseAsync(began);
        Kill();
        Assert.Equal(expected.Order(StringComparer.Ordinal), Distinct().Values.Order(StringComparer.Ordinal));
    }

    string In(string name) => Path.Combine(_directory.FullName, name);

    void Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Program);
        start.ArgumentList.Add(_directory.FullName);
        _app = Process.Start(start)!;
        _app.OutputDataReceived += (_, line) => Note(line.Data);
        _app.ErrorDataReceived += (_, line) => Note(line.Data);
        _app.BeginOutputReadLine();
        _app.BeginErrorReadLine();
    }

    void Note(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }

    // SIGKILL. What the process wrote is in the file.
    void Kill()
    {
        _app?.Kill();
        _app?.WaitForExit();
        _app?.Dispose();
        _app = null;
    }

    async Task<int> UntilAsync(int count)
    {
        var began = Stopwatch.GetTimestamp();
        while (RowLines().Count < count)
            await PauseAsync(began);
        return RowLines().Count;
    }

    // Between two looks at the file. Nothing else tells what another process has written.
    async Task PauseAsync(long began)
    {
        if (_app!.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
        {
            lock (_said)
                throw new TimeoutException($"{RowLines().Count} rows; the application says: {_said}");
        }

        await Task.Delay(20);
    }

    // The last line may be half there: the process that wrote it lives.
    List<string> RowLines()
    {
        if (!File.Exists(In("rows")))
            return [];
        using var file = new StreamReader(new FileStream(In("rows"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = file.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    // Rows of one id are the same, whatever process gave them.
    Dictionary<string, string> Distinct()
    {
        var rows = new Dictionary<string, string>();
        foreach (var line in RowLines())
        {
            var parts = line.Split('\t');
            var content = NumberedRecords.RowOf(Encoding.UTF8.GetBytes(parts[1]));
            if (!rows.TryAdd(parts[0], content))
                Assert.Equal(content, rows[parts[0]]);
        }

        return rows;
    }

    List<string> Fill(Random random)
    {
        var (lefts, rights) = (NumberedRecords.Make(random, Records), NumberedRecords.Make(random, Records));
        Write("impressions", lefts);
        Write("plays", rights);
        return NumberedRecords.Pairs(lefts, rights);
    }

    void Write(string topic, List<NumberedRecord> records)
    {
        Directory.CreateDirectory(In(topic));
        foreach (var partition in records.GroupBy(record => record.Number % Partitions, record => record.Json))
            File.WriteAllLines(Path.Combine(In(topic), partition.Key.ToString(CultureInfo.InvariantCulture)), partition);
    }
}
