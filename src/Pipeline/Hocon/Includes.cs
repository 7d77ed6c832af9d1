using System.Text;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>Reads the files of one configuration and keeps count of them.</summary>
sealed class Includes
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly Stack<string> _open = new();
    int _count;
    long _bytes;

    /// <summary>The content of the file <paramref name="path"/>.</summary>
    /// <exception cref="HoconException">It cannot be read, or is no configuration.</exception>
    public ObjectNode ReadFile(string path, IReadOnlyList<string> within, HoconOrigin from)
    {
        var full = Path.GetFullPath(path);
        if (_open.Contains(full)) throw new HoconException($"{path} includes itself: {Chain(full)}", from);
        if (_open.Count > HoconLimits.IncludeDepth)
            throw new HoconException($"files include each other more than {HoconLimits.IncludeDepth} deep", from);
        var text = ReadText(path, from);
        _open.Push(full);
        var root = new Parser(new Scanner(text, path), this, within).ParseFile();
        _open.Pop();
        return root;
    }

    /// <summary>Adds to the bytes that were read so far.</summary>
    /// <exception cref="HoconException">They exceed the limit.</exception>
    public void Count(int bytes, HoconOrigin from)
    {
        _bytes += bytes;
        if (_bytes > HoconLimits.AllBytes)
            throw new HoconException($"all files together are larger than {HoconLimits.AllBytes / 1024 / 1024} MiB", from);
    }

    /// <summary>
    /// The content of the file that an include statement names, or null where it is missing and may be.
    /// </summary>
    public ObjectNode? Include(string target, bool required, IReadOnlyList<string> within, HoconOrigin from)
    {
        if (++_count > HoconLimits.IncludedFiles)
            throw new HoconException($"more than {HoconLimits.IncludedFiles} files are included", from);
        var path = Locate(target, from.File);
        if (path is not null) return ReadFile(path, within, from);
        return required ? throw new HoconException($"the included file {target} does not exist", from) : null;
    }

    /// <summary>Relative to the file that includes it; without an extension .conf is tried too.</summary>
    static string? Locate(string target, string includingFile)
    {
        if (target.Length == 0 || target.Contains('\0', StringComparison.Ordinal)) return null;
        var path = Path.Combine(Path.GetDirectoryName(includingFile) ?? "", target);
        if (Path.Exists(path)) return path;
        return !Path.HasExtension(path) && Path.Exists(path + ".conf") ? path + ".conf" : null;
    }

    string ReadText(string path, HoconOrigin from)
    {
        var file = from.Line == 0 ? "the file" : $"the included file {path}";
        try
        {
            var bytes = RegularFile.Read(path, HoconLimits.FileBytes)
                ?? throw new HoconException($"the file is larger than {HoconLimits.FileBytes / 1024 / 1024} MiB", path, 0);
            Count(bytes.Length, from);
            var text = StrictUtf8.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            throw new HoconException("the file is not UTF-8 text", path, 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HoconException($"{file} does not exist", from);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException($"{file} cannot be read: {e.Message}", from);
        }
    }

    string Chain(string full) => string.Join(" -> ", _open.Reverse().Append(full).Select(Path.GetFileName));
}
