using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>
/// Environment variables that override the file: what differs from node to node, so that one file serves them all.
/// </summary>
static class EnvironmentKeys
{
    static readonly (string Variable, string Key)[] Keys =
    [
        ("AKKAJOIN_HOSTNAME", "akkajoin.cluster.hostname"),
        ("AKKAJOIN_BIND_HOSTNAME", "akkajoin.cluster.bind-hostname"),
        ("AKKAJOIN_PORT", "akkajoin.cluster.port"),
        ("AKKAJOIN_SEEDS", "akkajoin.cluster.seeds"),
        ("AKKAJOIN_ADMIN_PORT", "akkajoin.cluster.admin-port"),
    ];

    /// <summary>The configuration with what the environment says over it.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="environment">Gives the value of a variable, or null; the process's own if left out.</param>
    public static HoconObject Over(HoconObject root, Func<string, string?>? environment)
    {
        environment ??= Environment.GetEnvironmentVariable;
        foreach (var (variable, key) in Keys)
        {
            if (environment(variable) is { Length: > 0 } value)
                root = HoconObject.Merge(root, At(key, value, new HoconOrigin("", 0, variable)));
        }

        return root;
    }

    static HoconObject At(string key, string value, HoconOrigin origin)
    {
        HoconValue at = new HoconText(value, origin);
        foreach (var name in key.Split('.').Reverse())
        {
            var around = new HoconObject(origin);
            around.Set(name, at);
            at = around;
        }

        return (HoconObject)at;
    }
}
