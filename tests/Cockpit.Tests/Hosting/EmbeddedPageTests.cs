using AkkaJoin.Cockpit.Hosting;
using AkkaJoin.Cockpit.Tests.Page;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>The page on an application's own server, in a real browser.</summary>
public sealed class EmbeddedPageTests(PageBrowser browser) : IClassFixture<PageBrowser>, IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-page-");

    public void Dispose() => _directory.Delete(recursive: true);

    [BrowserFact]
    public async Task The_page_below_a_path_logs_in_and_shows_the_join()
    {
        using var kafka = JoiningApplication.Kafka();
        var settings = JoiningApplication.Settings(kafka, _directory.FullName);
        await using var app = await JoiningApplication.StartAsync(settings, app => app.MapAkkaJoin("/ops/joins"));
        await app.UntilAsync("/ops/joins/health/ready", 200);
        await using var watch = await browser.OpenAsync();
        var page = watch.Page;

        await page.GotoAsync($"{app.Http.BaseAddress}ops/joins");
        Assert.Equal($"{app.Http.BaseAddress}ops/joins/", page.Url);
        await Expect(page.Locator("#who")).ToHaveTextAsync("not logged in · may see nothing yet");
        await page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await page.GetByLabel("Token").FillAsync(TestNode.Token());
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#who")).ToHaveTextAsync("local · may see and do all");
        await Expect(page.Locator("#pipeline")).ToContainTextAsync("impressions", new() { Timeout = 60_000 });
        await Expect(page.Locator("#ledger")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator("#commands")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }
}
