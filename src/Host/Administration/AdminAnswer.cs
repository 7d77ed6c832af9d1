namespace AkkaJoin.Host.Administration;

/// <summary>What one line is answered with, and whether the connection ends with it.</summary>
readonly record struct AdminAnswer(byte[] Line, bool IsLast);
