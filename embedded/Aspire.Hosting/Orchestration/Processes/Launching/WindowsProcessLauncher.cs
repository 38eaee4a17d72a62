using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Windows: System.Diagnostics.Process in a process group of its own, and a job object for each child, which is its tree and ends
/// with the AppHost. Not exercised by the tests, which run on Linux.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProcessLauncher : IProcessLauncher
{
    public bool ChildrenEndWithParent => true;

    public ILaunchedProcess Launch(LaunchRequest request)
    {
        var spec = request.Spec;
        var environment = request.BuildEnvironment();
        var path = ExecutableFinder.Resolve(spec, environment);
        var start = new ProcessStartInfo(path, spec.Arguments)
        {
            WorkingDirectory = Path.GetFullPath(spec.WorkingDirectory),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNewProcessGroup = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var job = new JobObject();
            var process = new Process { StartInfo = start };
            try
            {
                process.Start();
                // What the process starts before this line escapes the job; there is no way to create it suspended from here.
                job.Add(process);
                if (!request.WithInput)
                {
                    process.StandardInput.Close();
                }

                return new LaunchedProcess(process, job, request.WithInput);
            }
            catch (Win32Exception)
            {
                job.Terminate();
                job.Dispose();
                process.Dispose();
                throw;
            }
        }
        catch (Win32Exception exception)
        {
            throw new ProcessStartException($"'{spec.Name}' cannot start: '{path}' in '{spec.WorkingDirectory}': {exception.Message} (error {exception.NativeErrorCode}).", exception);
        }
    }

    private sealed class LaunchedProcess(Process process, JobObject job, bool withInput) : ILaunchedProcess
    {
        public ProcessIdentity Identity { get; } = new(process.Id, process.StartTime.ToFileTimeUtc());

        public Stream StandardOutput => process.StandardOutput.BaseStream;

        public Stream StandardError => process.StandardError.BaseStream;

        public Stream? StandardInput => withInput ? process.StandardInput.BaseStream : null;

        public bool HasUnreadOutput => false;

        public Task Ended { get; } = process.WaitForExitAsync();

        public void RequestStop() => JobObject.SendCtrlBreak(process.Id);

        public bool Suspend() => false;

        public void Resume()
        {
        }

        public async Task<IReadOnlyCollection<ProcessIdentity>> KillTreeAsync(TimeSpan timeout)
        {
            job.Terminate();
            try
            {
                await Ended.WaitAsync(timeout).ConfigureAwait(false);
                return [];
            }
            catch (TimeoutException)
            {
                return [Identity];
            }
        }

        public ProcessExit Collect() => new(process.ExitCode, null);

        public void Dispose()
        {
            job.Dispose();
            process.Dispose();
        }
    }
}
