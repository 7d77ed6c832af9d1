using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Chaos;

public sealed class ChaosUsageTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("--minutes 0", "--minutes must lie above 0")]
    [InlineData("--minutes soon", "--minutes must be a number; it is 'soon'")]
    [InlineData("--faults 61", "--faults must lie above 0 and be at most 60")]
    [InlineData("--nodes 0", "--nodes must be 1 to 16")]
    [InlineData("--rate 0", "--rate must be 1 to 100000")]
    [InlineData("--resume", "--resume needs --directory")]
    [InlineData("--embedded --start-kafka x", "--embedded takes neither")]
    [InlineData("--embedded --minutes 20", "the embedded broker holds")]
    [InlineData("--start-kafka /nowhere", "there is neither bin/kafka-server-start.sh nor a script kafka in it")]
    [InlineData("--start-postgresql /nowhere", "there is no initdb in it")]
    [InlineData("--join other", "there is no join other; there is j")]
    [InlineData("--resume --directory EMPTY", "there is no run to resume")]
    [InlineData("--embedded --input LEFT RIGHT", "left.jsonl, line 2: its time lies 31000 ms behind that of line 1, max-out-of-orderness is 30000 ms")]
    [InlineData("--embedded --input RIGHT BROKEN", "broken.jsonl, line 1 cannot be decoded")]
    [InlineData("--embedded --input RIGHT NOWHERE", "cannot be read")]
    public async Task A_mistake_is_one_line_and_64(string options, string message)
    {
        var file = Write("akkajoin.conf", """
            akkajoin {
              kafka.bootstrap-servers = "127.0.0.1:1"
              joins.j {
                type = inner, before = 0s, after = 10m
                left { topic = l, key = k, time = t }
                right { topic = r, key = k, time = t }
                output.topic = o
              }
            }
            """);
        var line = options
            .Replace("EMPTY", Directory.CreateDirectory(Path.Combine(_directory.FullName, "empty")).FullName, StringComparison.Ordinal)
            .Replace("LEFT", Write("left.jsonl", "{\"k\":1,\"t\":100000}\n{\"k\":1,\"t\":69000}\n"), StringComparison.Ordinal)
            .Replace("RIGHT", Write("right.jsonl", "{\"k\":1,\"t\":100000}\n"), StringComparison.Ordinal)
            .Replace("BROKEN", Write("broken.jsonl", "{\"k\":1,\"t\":\n"), StringComparison.Ordinal)
            .Replace("NOWHERE", Path.Combine(_directory.FullName, "nowhere.jsonl"), StringComparison.Ordinal);
        var (output, error) = (new StringWriter(), new StringWriter());

        var code = await CommandLine.RunAsync(["chaos", "-c", file, .. line.Split(' ')], output, error);

        Assert.Equal(64, code);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
