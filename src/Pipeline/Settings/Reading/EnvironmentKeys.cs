using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Shards.Journal.Postgresql;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// Environment variables that override the file. They are for values that differ from node to node, so that all nodes
/// can share one file. The connection string is taken only where the file has none.
/// </summary>
static class EnvironmentKeys
{
    static readonly (string Variable, string Key)[] Keys =
    [
        ("AKKAJOIN_HOSTNAME", "akkajoin.cluster.hostname"),
        ("AKKAJOIN_BIND_HOSTNAME", "akkajoin.cluster.bind-hostname"),
        ("AKKAJOIN_PORT", "akkajoin.cluster.port"),
        ("AKKAJOIN_SEEDS", "akkajoin.cluster.seeds"),
        ("AKKAJOIN_ADMIN_PORT", "akkajoin.admin.port"),
    ];

    const string ConnectionString = "akkajoin.postgresql.connection-string";

    /// <summary>The configuration, overridden by the environment.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="environment">Gives the value of a variable, or null; the process's own if left out.</param>
    public static HoconObject Over(HoconObject root, Func<string, string?>? environment)
    {
        environment ??= Environment.GetEnvironmentVariable;
        foreach (var (variable, key) in Keys)
        {
            if (environment(variable) is { Length: > 0 } value && !IsOverridden(root, key))
                root = HoconObject.Merge(root, At(key, value, new HoconOrigin("", 0, variable)));
        }

        return environment(PostgresOptions.Variable) is { Length: > 0 } text && !NamesDatabase(root)
            ? HoconObject.Merge(root, At(ConnectionString, text, new HoconOrigin(PostgresOptions.Variable, 0, PostgresOptions.Variable)))
            : root;
    }

    // The command line overrides the environment too.
    static bool IsOverridden(HoconObject root, string key)
    {
        HoconValue? at = root;
        foreach (var name in key.Split('.'))
            at = (at as HoconObject)?.Find(name);
        return at?.Origin.File == ConfigOverrides.Name;
    }

    static bool NamesDatabase(HoconObject root) =>
        root.Find("akkajoin") is HoconObject own
        && own.Find("postgresql") is HoconObject postgresql
        && (IsSet(postgresql, "connection-string") || IsSet(postgresql, "connection-string-file"));

    static bool IsSet(HoconObject values, string key) => values.Fields.TryGetValue(key, out var value) && value is not HoconNull;

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
