namespace MongoDB.Embedded.Storage;

/// <summary>What one thread reuses from write to write.</summary>
internal sealed class WriterScratch
{
    private const int KeepBytes = 64 << 10;
    private const int KeepSets = 64;

    private readonly List<EntrySet> _sets = [];

    /// <summary>Where the record being changed is read to.</summary>
    public byte[] Document = new byte[1024];

    public EntrySet Entries(int i)
    {
        while (_sets.Count <= i)
        {
            _sets.Add(new EntrySet());
        }
        return _sets[i];
    }

    /// <summary>Lets go of what an unusually large write needed.</summary>
    public void Trim()
    {
        if (Document.Length > KeepBytes)
        {
            Document = new byte[1024];
        }
        if (_sets.Count > KeepSets)
        {
            _sets.RemoveRange(KeepSets, _sets.Count - KeepSets);
        }
    }
}
