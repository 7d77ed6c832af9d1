using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Host.Running;

/// <summary>Opens the journal for a verb.</summary>
static class NodeJournal
{
    /// <exception cref="UserException">It cannot be opened, or another process has it for itself.</exception>
    internal static JoinJournal Open(JournalSettings settings)
    {
        try
        {
            return JournalOpener.Open(settings);
        }
        catch (JournalException e)
        {
            throw new UserException(e.Message, ExitCodes.Failed, e);
        }
    }
}
