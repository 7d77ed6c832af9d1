namespace AkkaJoin.House.Tests;

/// <summary>The files of the repository, without what builds leave behind.</summary>
static class Repository
{
    static readonly string[] Skipped = ["bin", "obj", ".git", "artifacts", "TestResults"];

    /// <summary>Those whose name matches, relative to the root, with slashes, in order.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        In(new DirectoryInfo(Product.Root), pattern).Select(f => Path.GetRelativePath(Product.Root, f.FullName).Replace('\\', '/')).Order(StringComparer.Ordinal);

    static IEnumerable<FileInfo> In(DirectoryInfo directory, string pattern) =>
        directory.EnumerateFiles(pattern).Concat(
            directory.EnumerateDirectories().Where(d => !Skipped.Contains(d.Name)).SelectMany(d => In(d, pattern)));
}
