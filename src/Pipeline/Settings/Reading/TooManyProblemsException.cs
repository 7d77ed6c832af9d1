namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>So much is wrong that nothing more is looked for. The problems are in the list.</summary>
sealed class TooManyProblemsException : Exception;
