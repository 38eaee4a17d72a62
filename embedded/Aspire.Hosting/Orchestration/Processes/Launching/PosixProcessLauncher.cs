using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Aspire.Hosting.Orchestration;

/// <summary>Linux and macOS: posix_spawn with a session for each child.</summary>
internal sealed class PosixProcessLauncher : IProcessLauncher
{
    public bool ChildrenEndWithParent => false;

    public ILaunchedProcess Launch(LaunchRequest request)
    {
        var spec = request.Spec;
        var environment = request.BuildEnvironment();
        var path = ExecutableFinder.Resolve(spec, environment);
        // Both ends of a pipe are close-on-exec, so no child gets the pipe of another, whose end of file would then never come.
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var input = request.WithInput ? new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None) : null;
        var launched = false;
        try
        {
            var result = PosixSpawn.Start(
                path,
                [spec.FileName, .. spec.Arguments],
                environment.Select(variable => $"{variable.Key}={variable.Value}"),
                Path.GetFullPath(spec.WorkingDirectory),
                input?.ClientSafePipeHandle,
                output.ClientSafePipeHandle,
                error.ClientSafePipeHandle,
                out var processId);
            if (result != 0)
            {
                throw new ProcessStartException(Explain(result, spec, path));
            }

            launched = true;
            return new LaunchedProcess(processId, request.Marker, output, error, input);
        }
        finally
        {
            // Only the child holds its ends from now on.
            output.DisposeLocalCopyOfClientHandle();
            error.DisposeLocalCopyOfClientHandle();
            input?.DisposeLocalCopyOfClientHandle();
            if (!launched)
            {
                output.Dispose();
                error.Dispose();
                input?.Dispose();
            }
        }
    }

    private static string Explain(int error, ProcessSpec spec, string path) => $"'{spec.Name}' cannot start: " + error switch
    {
        PosixSpawn.ENOEXEC => $"'{path}' is not a program for this system. Rebuild it for this machine, or begin a script with its interpreter (#!/bin/sh).",
        PosixSpawn.EACCES => $"this user may not execute '{path}' in '{spec.WorkingDirectory}'. Check the permissions of both, and whether the file system allows programs (noexec).",
        PosixSpawn.E2BIG => $"the arguments and environment of '{path}' are larger than the system allows. Shorten them.",
        PosixSpawn.EAGAIN or PosixSpawn.ENOMEM => $"the system has no resources left to start '{path}' ({Marshal.GetPInvokeErrorMessage(error)}). Raise the limit of processes (ulimit -u) or free memory.",
        // The file was there a moment ago: what is missing is the interpreter or the loader that it names.
        2 => $"'{path}' or the interpreter that it names does not exist. Check its first line (#!), or whether it was built for another C library.",
        _ => $"'{path}' in '{spec.WorkingDirectory}': {Marshal.GetPInvokeErrorMessage(error)} (error {error}).",
    };

    private sealed class LaunchedProcess : ILaunchedProcess
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ProcessTree _tree;
        private readonly SafePipeHandle _output;
        private readonly SafePipeHandle _error;

        public LaunchedProcess(int processId, RunMarker marker, AnonymousPipeServerStream output, AnonymousPipeServerStream error, Stream? input)
        {
            (_output, _error) = (output.SafePipeHandle, error.SafePipeHandle);
            StandardOutput = output;
            StandardError = error;
            StandardInput = input;
            // Nobody but this class collects the child, so even if it has ended already its entry, and its start, are there.
            Identity = ProcessTable.Current.Read(processId)?.Identity ?? new ProcessIdentity(processId, 0);
            _tree = new ProcessTree(ProcessTable.Current, marker, Identity.StartMark);
            _tree.AddRoot(Identity);
            // A thread for each child: they are few, it sleeps in the kernel, and no signal handler has to be shared with .NET's.
            new Thread(Wait, maxStackSize: 128 * 1024) { IsBackground = true, Name = $"Wait for process {processId}" }.Start();
        }

        public ProcessIdentity Identity { get; }

        public Stream StandardOutput { get; }

        public Stream StandardError { get; }

        public Stream? StandardInput { get; }

        public bool HasUnreadOutput => IsReadable(_output) || IsReadable(_error);

        public Task Ended => _ended.Task;

        public void RequestStop() => ProcessTable.Current.Signal(Identity, ProcessSignal.Terminate);

        // A session's first process also founds a process group, which has its number.
        public bool Suspend() => LibC.Kill(-Identity.Id, LibC.SigStop) == 0;

        public void Resume() => _ = LibC.Kill(-Identity.Id, LibC.SigCont);

        public async Task<IReadOnlyCollection<ProcessIdentity>> KillTreeAsync(TimeSpan timeout) =>
            (await _tree.KillAsync(timeout).ConfigureAwait(false)).Remaining;

        public ProcessExit Collect() => PosixSpawn.Collect(Identity.Id) ?? new ProcessExit(-1, null);

        public void Dispose()
        {
            StandardOutput.Dispose();
            StandardError.Dispose();
            StandardInput?.Dispose();
        }

        private static bool IsReadable(SafePipeHandle pipe)
        {
            var held = false;
            try
            {
                pipe.DangerousAddRef(ref held);
                return LibC.IsReadable((int)pipe.DangerousGetHandle());
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
            finally
            {
                if (held)
                {
                    pipe.DangerousRelease();
                }
            }
        }

        private void Wait()
        {
            _ = PosixSpawn.WaitUntilEnded(Identity.Id);
            _ended.TrySetResult();
        }
    }
}
