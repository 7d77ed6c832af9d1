using AkkaJoin.Pipeline.Hocon;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hocon;

public sealed class HoconIncludeTests : IDisposable
{
    readonly TemporaryDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("include \"sub/b.conf\"")]
    [InlineData("include \"sub/b\"")]
    [InlineData("include file(\"sub/b.conf\")")]
    [InlineData("include required(\"sub/b.conf\")")]
    [InlineData("include required( file(\"sub/b.conf\") )")]
    public void A_file_is_included_relative_to_the_file_that_names_it(string statement)
    {
        _files.Write("sub/b.conf", "b = 1\ninclude \"c.conf\"");
        _files.Write("sub/c.conf", "\n c = 2");
        var main = _files.Write("main.conf", $"a = 0\n{statement}\nb2 = ${{b}}");

        var root = Read(main);

        Assert.Equal("{a = 0, b = 1, c = 2, b2 = 1}", root.ToString());
        Assert.Equal(_files["sub/b.conf"] + ":1", root.Find("b")!.Origin.ToString());
        Assert.Equal(_files["sub/c.conf"] + ":2", root.Find("c")!.Origin.ToString());
    }

    [Fact]
    public void What_is_included_is_overridden_by_what_follows()
    {
        _files.Write("b.conf", "x = 1, y = 1");

        Assert.Equal("{x = 1, y = 2}", Read(_files.Write("main.conf", "x = 0, include \"b.conf\", y = 2")).ToString());
    }

    [Fact]
    public void Inside_an_object_the_file_belongs_to_it_and_its_substitutions_look_there_first()
    {
        _files.Write("b.conf", "x = [1], y = ${x}, z = ${top}, x += 2");
        var main = _files.Write("main.conf", "top = t, x = other, o { include \"b.conf\" }");

        Assert.Equal("{top = t, x = other, o = {x = [1, 2], y = [1, 2], z = t}}", Read(main).ToString());
    }

    [Fact]
    public void A_missing_file_is_an_error_only_where_it_is_required()
    {
        Assert.Equal("{a = 1}", Read(_files.Write("main.conf", "include \"none.conf\"\na = 1")).ToString());

        var error = Assert.Throws<HoconException>(() => Read(_files.Write("main.conf", "a = 1\ninclude required(\"none.conf\")")));

        Assert.Equal("the included file none.conf does not exist", error.Problem);
        Assert.Equal(2, error.Origin.Line);
    }

    [Fact]
    public void Files_that_include_each_other_are_an_error()
    {
        _files.Write("b.conf", "\ninclude \"main.conf\"");

        var error = Assert.Throws<HoconException>(() => Read(_files.Write("main.conf", "include \"b.conf\"")));

        Assert.Contains("main.conf -> b.conf -> main.conf", error.Problem, StringComparison.Ordinal);
        Assert.Equal(_files["b.conf"] + ":2", error.Origin.ToString());
    }

    [Fact]
    public void Files_may_include_files_twenty_deep()
    {
        for (var i = 0; i < 22; i++) _files.Write($"{i}.conf", i == 21 ? "x = 1" : $"include \"{i + 1}.conf\"");

        Assert.Equal("{x = 1}", Read(_files["1.conf"]).ToString());
        Assert.Contains("20 deep", Assert.Throws<HoconException>(() => Read(_files["0.conf"])).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_included_files_is_limited()
    {
        for (var i = 0; i < 15; i++) _files.Write($"{i}.conf", i == 14 ? "x = 1" : $"include \"{i + 1}.conf\"\ninclude \"{i + 1}.conf\"");

        Assert.Contains("1000 files", Assert.Throws<HoconException>(() => Read(_files["0.conf"])).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error()
    {
        Assert.Contains("does not exist", Problem(_files["none.conf"]), StringComparison.Ordinal);
        Assert.Contains("it is a directory", Problem(Path.GetDirectoryName(_files["x"])!), StringComparison.Ordinal);

        File.WriteAllBytes(_files["latin1.conf"], [(byte)'a', (byte)'=', 0xe4]);
        Assert.Contains("is not UTF-8", Problem(_files["latin1.conf"]), StringComparison.Ordinal);

        File.WriteAllBytes(_files["large.conf"], new byte[HoconLimits.FileBytes + 1]);
        Assert.Contains("larger than 4 MiB", Problem(_files["large.conf"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_refused_and_not_waited_for()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var made = System.Diagnostics.Process.Start("mkfifo", _files["pipe.conf"]);
        await made.WaitForExitAsync();
        var main = _files.Write("main.conf", "include \"pipe.conf\"");

        foreach (var path in new[] { _files["pipe.conf"], main, "/dev/zero" })
        {
            var problem = await Task.Run(() => Problem(path)).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Contains("it is a pipe, a socket or a device and no regular file", problem, StringComparison.Ordinal);
        }
    }

    static string Problem(string path) => Assert.Throws<HoconException>(() => Read(path)).Problem;

    static HoconObject Read(string path) => new HoconDocument().AddFile(path).Resolve();
}
