namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Says that silent partitions hold time back though <c>idle.policy</c> is another, as long as a member of an earlier
/// release is there: it would not understand what they do. Says so again where the members change, and when it is over.
/// </summary>
/// <param name="olderMembers">The members of an earlier release.</param>
/// <param name="timeWaits">Names them.</param>
/// <param name="timeGoesOn">There are none any more.</param>
sealed class IdleReminder(Func<IReadOnlyList<string>> olderMembers, Action<string> timeWaits, Action timeGoesOn)
{
    string _older = "";

    /// <summary>Looks again.</summary>
    internal void Look()
    {
        var older = string.Join(", ", olderMembers());
        if (older == _older)
            return;
        _older = older;
        if (older.Length > 0)
            timeWaits(older);
        else
            timeGoesOn();
    }
}
