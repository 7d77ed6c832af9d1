using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary>Which join of a configuration is meant.</summary>
static class JoinChoice
{
    /// <summary>The named one, or the only one.</summary>
    /// <exception cref="UserException">There is none of that name, or there are several and none is named.</exception>
    internal static JoinSettings Pick(AkkaJoinSettings settings, string? name)
    {
        var names = string.Join(", ", settings.Joins.Select(j => j.Name));
        if (name is not null)
            return settings.Joins.FirstOrDefault(j => j.Name == name) ?? throw new UserException($"there is no join {name}; there is {names}", ExitCodes.Usage);
        return settings.Joins.Count == 1 ? settings.Joins[0] : throw new UserException($"--join is needed: one of {names}", ExitCodes.Usage);
    }
}
