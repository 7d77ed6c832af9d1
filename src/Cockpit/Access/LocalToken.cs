using Akka.Event;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Files;

namespace AkkaJoin.Cockpit.Access;

/// <summary>
/// The token "local" with all rights. The first node of a user makes it; its file is for that user alone, and all nodes
/// and programs of the user find it at the same place. So whoever may run programs as the node's user may act, and
/// nobody else of the machine.
/// </summary>
static class LocalToken
{
    /// <summary>Names another directory for the file.</summary>
    internal const string DirectoryVariable = "AKKAJOIN_ADMIN_DIRECTORY";

    /// <summary>The token's name.</summary>
    internal const string Name = "local";

    /// <summary>The file: <c>admin.token</c> in the user's directory for application data.</summary>
    internal static string File(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        return Path.Combine(DirectoryOf(environment), "admin.token");
    }

    /// <summary>Makes the token where there is none.</summary>
    /// <returns>The grant; null where there is no place for the file, which is logged.</returns>
    internal static AdminGrant? Make(string file, ILoggingAdapter log)
    {
        try
        {
            PrivateFiles.CreateDirectory(Path.GetDirectoryName(file)!);
            if (!System.IO.File.Exists(file))
                Write(file);
            return new AdminGrant(Name, Right.Act, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CockpitLog.NoLocalToken(log, file, e.Message);
            return null;
        }
    }

    // Two nodes may start at once, of one process too: the file appears whole, and the first one stays.
    static void Write(string file)
    {
        var draft = $"{file}.{Guid.NewGuid():N}";
        using (var writer = new StreamWriter(draft, PrivateFiles.Options(FileMode.Create, FileShare.None)))
            writer.WriteLine(Token.Draw());
        try
        {
            System.IO.File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (System.IO.File.Exists(file))
        {
            System.IO.File.Delete(draft);
        }
    }

    static string DirectoryOf(Func<string, string?> environment)
    {
        if (environment(DirectoryVariable) is { Length: > 0 } named)
            return named;
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? Path.Combine(data, "akkajoin")
            : Path.Combine(Path.GetTempPath(), $"akkajoin-{Environment.UserName}");
    }
}
