using AkkaJoin.Cockpit.Web;
using Microsoft.Playwright;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Page;

/// <summary>A node that serves its page, and a browser to look at it.</summary>
public sealed class PageBrowser : IAsyncLifetime
{
    TestNode _node = null!;
    CockpitServer _server = null!;
    IPlaywright? _playwright;
    IBrowser? _browser;

    internal string Address => $"http://{_server.Address}/";

    public async Task InitializeAsync()
    {
        _ = TestNode.Directory;
        _node = await TestNode.StartAsync();
        _server = await _node.ServeAsync();
        if (!File.Exists(BrowserFactAttribute.Browser))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Browser,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    /// <summary>Opens a page that nobody is logged in on.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="bypassesPolicy">Whether the page's policy is off, so that a checker can be loaded into it.</param>
    internal async Task<PageWatch> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light, bool bypassesPolicy = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            BypassCSP = bypassesPolicy,
            TimezoneId = "UTC",
        });
        context.SetDefaultTimeout(60_000);
        return new PageWatch(context, await context.NewPageAsync());
    }
}

/// <summary>A page, and what its console says is wrong.</summary>
sealed class PageWatch : IAsyncDisposable
{
    readonly IBrowserContext _context;

    internal PageWatch(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            // A node that is not well answers 503, which the browser calls an error.
            if (message.Type == "error" && !message.Location.Contains("/health", StringComparison.Ordinal))
                Errors.Add($"{message.Text} {message.Location}");
        };
    }

    internal IPage Page { get; }

    List<string> Errors { get; } = [];

    /// <summary>Fails where a script failed, or the browser refused something, and says all of it.</summary>
    internal void HasNoErrors() => Assert.True(Errors.Count == 0, string.Join('\n', Errors));

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
