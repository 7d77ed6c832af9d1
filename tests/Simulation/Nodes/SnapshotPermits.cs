namespace AkkaJoin.Simulation.Nodes;

/// <summary>How many more key groups of one life of a node may write a snapshot at once.</summary>
sealed class SnapshotPermits
{
    int _left = 2;

    internal bool TryTake()
    {
        if (_left == 0)
            return false;
        _left--;
        return true;
    }

    internal void Return() => _left++;
}
