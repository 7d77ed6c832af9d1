namespace AkkaJoin.Pipeline.Hocon;

/// <summary>Where a value was written.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">The line, from 1; 0 where a whole file is meant.</param>
/// <param name="Environment">The environment variable the value came from, or null.</param>
readonly record struct HoconOrigin(string File, int Line, string? Environment = null)
{
    /// <summary>"file:line", or "environment NAME at file:line".</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        if (Environment is null) return place;
        return place.Length == 0 ? $"environment {Environment}" : $"environment {Environment} at {place}";
    }
}
