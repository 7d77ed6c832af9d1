using Xunit;

namespace AkkaJoin.Cockpit.Tests.Page;

/// <summary>A test in a real browser; it is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    internal const string Browser = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Browser))
            Skip = $"there is no {Browser}: apt-get install chromium, as .ci/run does";
    }
}
