namespace AkkaJoin.Host.Running;

/// <summary>So many lines in a time, and then only their number. Not for several threads.</summary>
sealed class LineLimit(int linesMax, TimeSpan per, TimeProvider clock)
{
    long _since = clock.GetTimestamp();
    int _lines;

    /// <summary>Counts a line.</summary>
    /// <param name="held">How many were left out since the last that passed.</param>
    /// <returns>Whether it is to be written.</returns>
    internal bool Passes(out int held)
    {
        held = 0;
        if (clock.GetElapsedTime(_since) >= per)
        {
            held = Math.Max(0, _lines - linesMax);
            _since = clock.GetTimestamp();
            _lines = 0;
        }

        return ++_lines <= linesMax;
    }
}
