using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// The temporary directory of one validation, which goes with it: what does not fit memory are the records themselves.
/// It is its owner's alone, under a name that nobody knows before; DuckDB's files in it have fixed names and may be
/// read by all.
/// </summary>
sealed class ValidationDirectory : IDisposable
{
    /// <exception cref="UserException">It cannot be made.</exception>
    internal ValidationDirectory()
    {
        try
        {
            Path = Directory.CreateTempSubdirectory("akkajoin-validation-").FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"no directory can be made in {System.IO.Path.GetTempPath()} (TMPDIR names another): {e.Message}", ExitCodes.Failed);
        }
    }

    internal string Path { get; }

    /// <summary>Deletes it. What cannot be deleted stays: the validation is worth more.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left to who cleans the directory of temporary files.
        }
    }
}
