using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class ProcessStartTests
{
    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        await using var test = new TestSupervisor();
        var process = await test.StartAsync("sh", ["-c", "for a in \"$@\"; do echo \"[$a]\"; done", "name", "two words", "", "\"quoted\"", "$HOME", "ünï", "*"]);

        await TestSupervisor.ExitOf(process);

        Assert.Equal(["[two words]", "[]", "[\"quoted\"]", "[$HOME]", "[ünï]", "[*]"], test.Output);
    }

    [Fact]
    public async Task The_environment_is_the_AppHosts_with_the_additions()
    {
        await using var test = new TestSupervisor();
        var process = await test.StartAsync("sh", ["-c", "echo $ADDED; echo $HOME; test -n \"$PATH\" && echo inherited"], environment: new() { ["ADDED"] = "a=b c", ["HOME"] = "/elsewhere" });

        await TestSupervisor.ExitOf(process);

        Assert.Equal(["a=b c", "/elsewhere", "inherited"], test.Output);
    }

    [Fact]
    public async Task The_process_starts_in_its_working_directory_and_a_relative_path_is_relative_to_it()
    {
        await using var test = new TestSupervisor();
        var directory = test.Directory.Info.CreateSubdirectory("with space");
        WriteScript(Path.Combine(directory.FullName, "run"), "#!/bin/sh\npwd -P\n");
        var process = await test.StartAsync("./run", [], directory.FullName);

        await TestSupervisor.ExitOf(process);

        Assert.EndsWith("/with space", Assert.Single(test.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 42", 42, null)]
    [InlineData("exit 255", 255, null)]
    [InlineData("kill -KILL $$", 137, 9)]
    [InlineData("kill -SEGV $$", 139, 11)]
    [InlineData("kill -TERM $$", 143, 15)]
    public async Task The_exit_tells_code_and_signal(string script, int code, int? signal)
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync(script);

        Assert.Equal(new ProcessExit(code, signal), await TestSupervisor.ExitOf(process));
    }

    [Fact]
    public async Task Id_and_start_time_are_those_of_the_process()
    {
        await using var test = new TestSupervisor();
        var before = DateTime.UtcNow;
        var process = await test.ShellAsync("echo $$; exec sleep 600");
        await TestProcesses.WaitUntilAsync(() => test.Output.Any(), TestProcesses.Deadline, () => "no output");

        Assert.Equal(process.Id.ToString(CultureInfo.InvariantCulture), test.Output.Single());
        // The system's clock tick is 10 ms.
        Assert.InRange(process.StartTimeUtc, before.AddMilliseconds(-50), DateTime.UtcNow.AddMilliseconds(50));
    }

    [Fact]
    public async Task A_child_has_three_descriptors_its_own_session_and_no_ignored_or_blocked_signal()
    {
        await using var test = new TestSupervisor();
        await using var other = await test.StartAsync("sleep", ["600"]);
        await using var process = await test.StartAsync("sleep", ["600"]);
        // The loader opens libraries for a moment.
        await TestProcesses.WaitUntilAsync(() => Descriptors() is "0 1 2", TestProcesses.Deadline, Descriptors);

        var status = File.ReadAllLines($"/proc/{process.Id}/status");

        Assert.Equal("/dev/null", new FileInfo($"/proc/{process.Id}/fd/0").LinkTarget);
        Assert.Equal(process.Id, ProcessTable.Current.Read(process.Id)?.SessionId);
        // Above the 31 that have names, glibc keeps two for itself.
        Assert.Equal(0, Mask("SigIgn:") & 0x7fff_ffff);
        Assert.Equal(0, Mask("SigBlk:"));

        long Mask(string name) => long.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

        string Descriptors() => string.Join(' ', Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_missing_command_is_named_and_PATH_shown()
    {
        await using var test = new TestSupervisor();

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.StartAsync("no-such-command", []));

        Assert.Contains("'subject' cannot start: the command 'no-such-command' was not found on PATH", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_executable_is_named_by_its_full_path()
    {
        await using var test = new TestSupervisor();

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.StartAsync("./bin/missing", []));

        Assert.Contains($"the executable '{test.Directory.FullName}/bin/missing' does not exist", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_permission_is_named_with_the_remedy()
    {
        await using var test = new TestSupervisor();
        var path = test.Directory.Combine("plain");
        await File.WriteAllTextAsync(path, "#!/bin/sh\n", TestProcesses.Cancellation);

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.StartAsync(path, []));

        Assert.Contains($"chmod +x '{path}'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a program\n", "is not a program for this system")]
    [InlineData("#!/no/such/interpreter\n", "or the interpreter that it names does not exist")]
    public async Task A_file_that_the_system_cannot_run_is_named_with_the_reason(string content, string reason)
    {
        await using var test = new TestSupervisor();
        var path = test.Directory.Combine("broken");
        WriteScript(path, content);

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.StartAsync(path, []));

        Assert.Contains($"'{path}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_working_directory_is_named()
    {
        await using var test = new TestSupervisor();
        var missing = test.Directory.Combine("missing");

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.StartAsync("sh", [], missing));

        Assert.Contains($"its working directory '{missing}' does not exist", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_that_no_process_can_receive_is_refused()
    {
        await using var test = new TestSupervisor();

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.StartAsync("sh", ["-c", "echo a\0b"]));

        Assert.Contains("NUL", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unusable_directory_for_the_run_record_is_named()
    {
        await using var test = new TestSupervisor();
        await File.WriteAllTextAsync(test.Options.RunsDirectory, "a file in its place", TestProcesses.Cancellation);

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.ShellAsync("exit 0"));

        Assert.Contains(test.Options.RunsDirectory, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disposed_supervisor_starts_nothing()
    {
        await using var test = new TestSupervisor();
        var running = await test.ShellAsync("exec sleep 600");
        await test.Supervisor.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.ShellAsync("exit 0"));
        Assert.Equal(15, (await TestSupervisor.ExitOf(running)).Signal);
        Assert.Empty(test.Processes.Find());
    }

    private static void WriteScript(string path, string content)
    {
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
