using AkkaJoin.Cockpit.Prompt;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// Commands that come by standard input, a line each. A command that fails does not keep the next ones from being
/// carried out.
/// </summary>
/// <param name="session">Carries them out.</param>
/// <param name="error">Takes what is wrong.</param>
sealed class PbmScript(PromptSession session, TextWriter error)
{
    /// <summary>Carries out all lines.</summary>
    /// <returns>The exit code of the last command that failed; 0 where none did.</returns>
    internal async Task<int> RunAsync(TextReader lines)
    {
        var failed = ExitCodes.Good;
        while (await lines.ReadLineAsync() is { } line)
        {
            try
            {
                if (await session.RunAsync(session.Parser.Parse(line), default) is not { } code)
                    break;
                if (code != ExitCodes.Good)
                    failed = code;
            }
            catch (UserException e)
            {
                await error.WriteLineAsync($"akkajoin: {e.Message}");
                failed = e.ExitCode;
            }
        }

        return failed;
    }
}
