namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.state</c> and <c>akkajoin.memory</c>.</summary>
static class MemorySettingsReader
{
    const long BudgetMin = 16L << 20;
    const long BudgetMax = 1L << 50;

    public static MemorySettings Read(Section section)
    {
        var state = section.Child("state");
        var memory = section.Child("memory");
        return new MemorySettings
        {
            StateDirectory = state.Value("directory") is null ? null : state.RequiredText("directory"),
            BudgetBytes = memory.Value("budget") is null ? null : memory.LongBytes("budget", BudgetMin, BudgetMax),
            WaitMs = (int)memory.Duration("wait", 1_000, 86_400_000),
        };
    }
}
