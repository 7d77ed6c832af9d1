using System.Net;
using AkkaJoin.Cockpit.Web;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Page;

/// <summary>How the files of the page are served.</summary>
public sealed class PageFileTests : IAsyncLifetime
{
    TestNode _node = null!;
    CockpitServer _server = null!;
    HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _ = TestNode.Directory;
        _node = await TestNode.StartAsync();
        _server = await _node.ServeAsync();
        _http = new() { BaseAddress = new Uri($"http://{_server.Address}/") };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/page/page.css", "text/css; charset=utf-8")]
    [InlineData("/page/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/page/icon.svg", "image/svg+xml")]
    [InlineData("/page/vendor/uPlot.esm.js", "text/javascript; charset=utf-8")]
    [InlineData("/page/vendor/uPlot.LICENSE.txt", "text/plain; charset=utf-8")]
    public async Task A_file_has_its_type_and_the_strict_policy(string path, string type)
    {
        var answer = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.ToString());
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        var tag = (await _http.GetAsync("/page/app.js")).Headers.ETag;
        using var again = new HttpRequestMessage(HttpMethod.Get, "/page/app.js");
        again.Headers.IfNoneMatch.Add(tag!);
        var answer = await _http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/page/")]
    [InlineData("/page/index.html.bak")]
    [InlineData("/page/../../etc/passwd")]
    [InlineData("/page/vendor")]
    public async Task Nothing_but_the_files_is_served(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(path)).StatusCode);

    [Fact]
    public async Task The_document_has_no_script_style_or_address_of_its_own()
    {
        var document = await _http.GetStringAsync("/");
        foreach (var forbidden in new[] { "<style", " style=", "http://", "https://", " onclick", "javascript:" })
            Assert.DoesNotContain(forbidden, document, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script>", document, StringComparison.Ordinal);
    }
}
