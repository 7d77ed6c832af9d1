namespace AkkaJoin.Shards.Journal.Sqlite;

/// <summary>A secret in a file that its owner alone may read.</summary>
static class SecretFile
{
    const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// What the file holds. One that is not there, or that others may read, is made anew: a secret that others may know
    /// is none.
    /// </summary>
    internal static byte[] ReadOrMake(string file, Func<byte[]> make)
    {
        if (File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & ~Owner) == 0))
            return File.ReadAllBytes(file);
        var secret = make();

        // Under another name first: a crash leaves no half of it.
        var half = file + ".new";
        File.Delete(half);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        using (var stream = new FileStream(half, options))
        {
            stream.Write(secret);
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, file, overwrite: true);
        return secret;
    }
}
