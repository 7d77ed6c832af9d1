using System.Text.Json;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Shards.Definition;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AkkaJoin.Cockpit.Tests.Page;

/// <summary>The page in a real browser: against a node, and against the answers of a large cluster.</summary>
public sealed class PageTests(PageBrowser browser) : IClassFixture<PageBrowser>
{
    const string Html = "<img src=x onerror=\"document.title='taken over'\"><script>document.title='taken over'</script>";

    static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };

    [BrowserFact]
    public async Task A_node_that_cannot_reach_Kafka_says_so_first_and_what_to_do()
    {
        await using var watch = await browser.OpenAsync();
        await watch.Page.GotoAsync(browser.Address);
        await Expect(watch.Page.GetByRole(AriaRole.Heading, new() { Name = "Something is wrong" })).ToBeVisibleAsync(Patient);
        await Expect(watch.Page.GetByText("Kafka does not answer at 127.0.0.1:1")).ToBeVisibleAsync(Patient);
        await Expect(watch.Page.GetByText("See that Kafka runs at that address")).ToBeVisibleAsync(Patient);
        await Expect(watch.Page.Locator("#who")).ToHaveTextAsync("not logged in · may see figures");
        await Expect(watch.Page.Locator("#pipeline")).ToBeVisibleAsync(Patient);
        watch.HasNoErrors();
    }

    [BrowserFact]
    public async Task A_code_in_the_address_logs_in_and_leaves_the_address()
    {
        await using var watch = await browser.OpenAsync();
        await watch.Page.GotoAsync($"{browser.Address}#code={await CodeAsync()}");
        await Expect(watch.Page.Locator("#who")).ToHaveTextAsync("local · may see and do all", new() { Timeout = 60_000 });
        Assert.Equal(browser.Address, watch.Page.Url);
        await watch.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Expect(watch.Page.Locator("#who")).ToHaveTextAsync("not logged in · may see figures");
        watch.HasNoErrors();
    }

    [BrowserFact]
    public async Task A_token_logs_in_and_a_wrong_one_is_told()
    {
        await using var watch = await browser.OpenAsync();
        await watch.Page.GotoAsync(browser.Address);
        await watch.Page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await watch.Page.GetByLabel("Token").FillAsync("no token of this node");
        await watch.Page.Keyboard.PressAsync("Enter");
        await Expect(watch.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("this is no token of this node");
        await watch.Page.GetByLabel("Token").FillAsync(TestNode.Token());
        await watch.Page.Keyboard.PressAsync("Enter");
        await Expect(watch.Page.Locator("#who")).ToHaveTextAsync("local · may see and do all");
        await Expect(watch.Page.Locator("#login")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Text_of_records_is_shown_as_text()
    {
        await using var watch = await browser.OpenAsync();
        var evidence = new[] { new { source = Html, text = Html } };
        var entry = new
        {
            partition = 1,
            offset = 2,
            timeMs = 3,
            state = "waiting",
            isMatched = false,
            isLate = false,
            id = Html,
            closes = new { },
            forgets = new { },
            value = Html,
        };
        await new SampleAnswers()
            .With("/api/v1/join/explain", new { reason = Html, text = Html, certainty = "known", evidence })
            .With("/api/v1/join/key", new
            {
                key = Html,
                keyHex = "00",
                group = 1,
                node = Html,
                left = new { topic = Html, count = 1, isExact = true, entries = new[] { entry } },
                right = new { topic = Html, count = 0, isExact = true, entries = Array.Empty<int>() },
                rows = new
                {
                    topic = Html,
                    rows = new[] { new { partition = 1, offset = 9, timeMs = 3, kind = Html, id = Html, valueLength = 3, value = Html } },
                    read = new { text = Html, records = 1, stop = "end" },
                },
            })
            .With("/health", new { isWell = false, checks = new[] { new { name = "broker", isWell = false, text = Html } } })
            .AnswerAsync(watch.Page);
        await watch.Page.GotoAsync(browser.Address);
        await watch.Page.GetByLabel("A record").FillAsync("3:14");
        await watch.Page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        await Expect(watch.Page.Locator("#answer .sentence")).ToHaveTextAsync(Html);
        await Expect(watch.Page.Locator("#answer code")).ToContainTextAsync("join explain 3:14");
        await watch.Page.GetByRole(AriaRole.Button, new() { Name = "What is kept of this key" }).ClickAsync();
        await Expect(watch.Page.Locator("#answer h3")).ToContainTextAsync(Html);
        await Expect(watch.Page.Locator("#answer tbody").Last).ToContainTextAsync(Html);
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync(Html);
        Assert.Equal(0, await watch.Page.Locator("main img, main script").CountAsync());
        Assert.DoesNotContain("taken over", await watch.Page.TitleAsync(), StringComparison.Ordinal);
        watch.HasNoErrors();
    }

    [BrowserFact]
    public async Task Late_records_and_dead_letters_are_shown_as_text_and_lead_to_their_explanation()
    {
        await using var watch = await browser.OpenAsync();
        var explanation = new Explanation(ExplainReason.Late, "It was late.", Certainty.Known, []);
        await new SampleAnswers()
            .With("/api/v1/join/late", SampleCopies.Late(Html))
            .With("/api/v1/join/dead-letters", SampleCopies.Dead(Html))
            .With("/api/v1/join/explain", explanation)
            .AnswerAsync(watch.Page);
        await watch.Page.GotoAsync(browser.Address);
        await Expect(watch.Page.Locator("#board")).ToBeVisibleAsync(Patient); // the join is chosen
        await watch.Page.GetByRole(AriaRole.Button, new() { Name = "Dead letters" }).ClickAsync();
        var row = watch.Page.Locator("#late-answer tbody tr").First;
        foreach (var (column, text) in new[] { (1, Html), (3, Html), (6, Html), (7, Html) })
            await Expect(row.Locator("td").Nth(column)).ToContainTextAsync(text);
        await Expect(watch.Page.Locator("#late-answer")).ToContainTextAsync("until the limit of time (timeout) stopped the search");
        await watch.Page.GetByRole(AriaRole.Button, new() { Name = "Late records" }).ClickAsync();
        foreach (var (column, text) in new[] { (1, "late"), (3, Html), (4, Html), (6, "1 min 15 s"), (8, Html), (9, "2") })
            await Expect(row.Locator("td").Nth(column)).ToContainTextAsync(text);
        Assert.Equal(0, await watch.Page.Locator("main img, main script").CountAsync());
        Assert.DoesNotContain("taken over", await watch.Page.TitleAsync(), StringComparison.Ordinal);
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(watch.Page.Locator("#answer .sentence")).ToHaveTextAsync("It was late.");
        await Expect(watch.Page.Locator("#answer code")).ToContainTextAsync("join explain right:1:18");
        watch.HasNoErrors();
    }

    [BrowserFact]
    public async Task Five_nodes_128_key_groups_and_200_partitions_are_shown()
    {
        await using var watch = await OpenSampleAsync();
        await Expect(watch.Page.Locator(".node")).ToHaveCountAsync(SampleAnswers.Nodes);
        await Expect(watch.Page.Locator(".node .cell")).ToHaveCountAsync(SampleAnswers.Groups);
        await Expect(watch.Page.Locator(".inputs .cell")).ToHaveCountAsync(2 * SampleAnswers.Partitions);
        var problems = watch.Page.Locator("#problems");
        await Expect(problems).ToContainTextAsync("The part of node node-5:4053 is missing below: it did not answer within 2 s");
        await Expect(problems).ToContainTextAsync("Partition 42 of starts holds the right time back, for 5 min 11 s now");
        await Expect(watch.Page.Locator("#charts figcaption strong").First).ToHaveTextAsync("Take rate, by minute of event time");
        await watch.Page.GetByRole(AriaRole.Button, new() { Name = "Show all 200 partitions" }).ClickAsync();
        await Expect(watch.Page.Locator("#board tbody tr")).ToHaveCountAsync(200);
        watch.HasNoErrors();
    }

    [BrowserFact]
    public async Task The_limits_of_time_are_a_sentence_and_a_table_with_the_command_that_gives_the_same()
    {
        await using var watch = await OpenSampleAsync();
        var advice = watch.Page.Locator("#advice");
        await Expect(advice.Locator(".sentence")).ToContainTextAsync("Set max-out-of-orderness = 1 min");
        await Expect(advice).ToContainTextAsync("akkajoin.joins.plays.max-out-of-orderness = 1 min");
        await Expect(advice.Locator("tbody tr")).ToHaveCountAsync(7);
        await Expect(advice.Locator("tbody tr").Nth(2)).ToContainTextAsync("30 s0.42 %< 0.01 %11 min1");
        await Expect(advice.Locator("tbody tr").Nth(2).Locator("td").Last).ToHaveTextAsync("now");
        await Expect(advice).ToContainTextAsync(
            "0.31 % of the pairs lie in the last tenth of after = 10 min; 98.12 % would be left with 5 min");
        await Expect(advice.Locator(".cli code")).ToContainTextAsync("time advise plays");
        watch.HasNoErrors();
    }

    [BrowserFact]
    public async Task A_join_whose_rows_all_lack_a_partner_is_not_well()
    {
        await using var watch = await OpenProblemsAsync(join => join with
        {
            LeftMatchRate = new MatchRateReport(0, null, 1_000, 0),
            RightMatchRate = new MatchRateReport(null, null, 0, 0),
        });
        var problems = watch.Page.Locator("#problems");
        await Expect(problems).ToContainTextAsync("of 1,000 records that were decided in the last 10 minutes not one found any");
        await Expect(problems).ToContainTextAsync("Why is there nothing?");
    }

    [BrowserFact]
    public async Task Settings_that_cannot_work_together_are_in_the_list_at_the_top()
    {
        await using var watch = await OpenProblemsAsync(join => join with { Warnings = ["source 'shown' keeps records for 1 h"] });
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync(
            "Settings that cannot work together: source 'shown' keeps records for 1 h.");
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync("join show plays");
    }

    [BrowserFact]
    public async Task Times_in_a_wrong_unit_are_named_with_the_setting()
    {
        await using var watch = await OpenProblemsAsync(
            board: board => board with { Left = board.Left with { WatermarkMs = 1_795_968_000 } });
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync("The times of impressions lie before 1980");
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync("akkajoin.joins.plays.left.time-format");
    }

    [BrowserFact]
    public async Task A_topic_that_went_silent_is_named_once_and_not_by_a_partition()
    {
        var held = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 200_000;
        await using var watch = await OpenProblemsAsync(
            join => join with
            {
                OneMinute = new RateReport(60, 100, 0, 0, 0),
                Lag = 0,
                Definition = join.Definition with { IdlePolicy = IdlePolicy.WallClock, IdleTimeoutMs = 60_000 },
            },
            board => board with
            {
                Right = board.Right with { HeldSinceMs = held, RowsWaiting = 77 },
                Partitions = [.. board.Partitions.Select(partition => partition with { State = BoardState.Idle })],
            });
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync("No right record came from starts for ");
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync("77 records of the other side cannot be decided before.");
        await Expect(watch.Page.Locator("#problems")).ToContainTextAsync(
            "See that the producer of starts runs. After idle.timeout (1 min) the right time goes on with the clock.");
        await Expect(watch.Page.Locator("#problems")).Not.ToContainTextAsync("Partition 42 of starts");
    }

    [BrowserFact]
    public async Task A_command_that_the_node_does_not_have_hides_its_part()
    {
        await using var watch = await browser.OpenAsync();
        await new SampleAnswers().With("/api/v1/openapi.json", new { paths = new { } }).AnswerAsync(watch.Page);
        await watch.Page.GotoAsync(browser.Address);
        await Expect(watch.Page.Locator("#pipeline")).ToBeVisibleAsync(Patient);
        foreach (var part in new[] { "#board", "#advice", "#ledger", "#charts", "#question" })
            await Expect(watch.Page.Locator(part)).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Nothing_is_wider_than_a_telephone()
    {
        await using var watch = await OpenSampleAsync(width: 360);
        await watch.Page.Locator("details").First.ClickAsync();
        Assert.Equal(360, await watch.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [BrowserFact]
    public async Task A_checker_of_accessibility_finds_nothing_serious_by_day_and_by_night()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var watch = await OpenSampleAsync(scheme: scheme, bypassesPolicy: true);
            var found = (await watch.Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical");
            Assert.Empty(found.Select(v => $"{scheme}: {v.Id}: {v.Help}: {string.Join(", ", v.Nodes.Take(5).Select(n => n.Html))}"));
        }
    }

    [BrowserFact]
    public async Task Its_pictures_can_be_taken()
    {
        var directory = Environment.GetEnvironmentVariable("AKKAJOIN_WRITE_IMAGES");
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var watch = await OpenSampleAsync(scheme: scheme);
            await watch.Page.GetByRole(AriaRole.Button, new() { Name = "Late records" }).ClickAsync();
            await Expect(watch.Page.Locator("#late-answer tbody tr")).Not.ToHaveCountAsync(0);
            var picture = await watch.Page.ScreenshotAsync(new() { FullPage = true, Path = PathOf(directory, scheme) });
            Assert.NotEmpty(picture);
        }
    }

    static string? PathOf(string? directory, ColorScheme scheme) =>
        directory is null ? null : Path.Combine(directory, $"page-{(scheme == ColorScheme.Light ? "light" : "dark")}.png");

    async Task<PageWatch> OpenSampleAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light, bool bypassesPolicy = false)
    {
        var watch = await browser.OpenAsync(width, scheme, bypassesPolicy);
        await new SampleAnswers().With("/api/v1/join/late", SampleCopies.Late()).AnswerAsync(watch.Page);
        await watch.Page.GotoAsync(browser.Address);
        foreach (var part in new[] { "#pipeline", "#board", "#advice", "#ledger", "#charts canvas >> nth=0" })
            await Expect(watch.Page.Locator(part)).ToBeVisibleAsync(Patient);
        return watch;
    }

    // A cluster that is well but for what is changed.
    async Task<PageWatch> OpenProblemsAsync(Func<JoinOverview, JoinOverview>? join = null, Func<BoardReport, BoardReport>? board = null)
    {
        var watch = await browser.OpenAsync();
        await new SampleAnswers(isWell: true)
            .With<JoinOverview>("/api/v1/join/show", join ?? (same => same))
            .With<BoardReport>("/api/v1/time/show", board ?? (same => same))
            .AnswerAsync(watch.Page);
        await watch.Page.GotoAsync(browser.Address);
        await Expect(watch.Page.Locator("#board")).ToBeVisibleAsync(Patient);
        return watch;
    }

    async Task<string> CodeAsync()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{browser.Address}api/v1/page/code");
        request.Headers.Authorization = new("Bearer", TestNode.Token());
        var answer = await http.SendAsync(request);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
    }
}
