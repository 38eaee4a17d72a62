namespace Aspire.Hosting.Tests.Processes;

/// <summary>A directory that goes with the test, whether that succeeds or not.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public DirectoryInfo Info { get; } = Directory.CreateTempSubdirectory("process-tests-");

    public string FullName => Info.FullName;

    public string Combine(string name) => Path.Combine(FullName, name);

    public void Dispose() => Info.Delete(recursive: true);
}
