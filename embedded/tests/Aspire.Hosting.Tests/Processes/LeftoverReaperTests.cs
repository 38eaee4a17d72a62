using System.Diagnostics;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>Records of earlier runs, written here as those would have left them, and a process of the test that they name.</summary>
public class LeftoverReaperTests
{
    // Of a process that is gone: this one's number with a start before the kernel's.
    private static readonly ProcessIdentity DeadAppHost = new(Environment.ProcessId, 0);

    [Fact]
    public async Task A_process_is_ended_if_it_is_the_one_recorded()
    {
        await using var test = new TestSupervisor();
        using var bystander = StartBystander(test);
        var path = Write(test, Record(DeadAppHost, Identify(bystander)));

        await test.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);

        Assert.Empty(test.Processes.Find());
        Assert.False(File.Exists(path));
        Assert.Contains(test.Logger.Warnings, message => message.Contains($"{bystander.Id} (subject)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_only_has_the_number_is_left_alone()
    {
        await using var test = new TestSupervisor();
        using var bystander = StartBystander(test);
        var identity = Identify(bystander);
        var path = Write(test, Record(DeadAppHost, identity with { StartMark = identity.StartMark - 1 }));

        await test.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);

        Assert.Equal([identity], test.Processes.Find());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_run_whose_AppHost_is_alive_is_left_alone()
    {
        await using var test = new TestSupervisor();
        using var bystander = StartBystander(test);
        var path = Write(test, Record(ProcessTable.Current.Self(), Identify(bystander)));

        await test.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);

        Assert.Equal([Identify(bystander)], test.Processes.Find());
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_record_of_another_machine_or_container_is_left_alone()
    {
        await using var test = new TestSupervisor();
        using var bystander = StartBystander(test);
        var path = Write(test, Record(DeadAppHost, Identify(bystander)) with { Scope = "elsewhere/pid:[1]" });

        await test.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);

        Assert.Equal([Identify(bystander)], test.Processes.Find());
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_record_from_before_the_machine_booted_is_only_deleted()
    {
        await using var test = new TestSupervisor();
        using var bystander = StartBystander(test);
        var path = Write(test, Record(DeadAppHost, Identify(bystander)) with { Boot = "another" });

        await test.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);

        Assert.Equal([Identify(bystander)], test.Processes.Find());
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"version\":1,\"runId\":null,\"scope\":\"\",\"boot\":\"\",\"appHost\":{\"id\":1,\"startMark\":1,\"name\":\"\"}}")]
    public async Task A_corrupt_record_is_reported_and_set_aside(string content)
    {
        await using var test = new TestSupervisor();
        Directory.CreateDirectory(test.Options.RunsDirectory);
        var path = Path.Combine(test.Options.RunsDirectory, "broken.json");
        await File.WriteAllTextAsync(path, content, TestProcesses.Cancellation);

        var process = await test.ShellAsync("exit 0");

        Assert.Equal(0, (await TestSupervisor.ExitOf(process)).ExitCode);
        Assert.False(File.Exists(path));
        Assert.Equal(content, await File.ReadAllTextAsync(path + ".corrupt", TestProcesses.Cancellation));
        Assert.Contains(test.Logger.Warnings, message => message.Contains($"'{path}' is corrupt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_of_another_version_is_left_to_it()
    {
        await using var test = new TestSupervisor();
        var path = Write(test, Record(DeadAppHost) with { Version = 2 });

        await test.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task The_record_of_a_run_names_its_processes_and_only_the_user_may_read_it()
    {
        await using var test = new TestSupervisor();
        var process = await test.StartAsync("sleep", ["600"], environment: new() { ["PASSWORD"] = "a-secret" });
        var file = Assert.Single(new DirectoryInfo(test.Options.RunsDirectory).GetFiles());
        var text = await File.ReadAllTextAsync(file.FullName, TestProcesses.Cancellation);

        var record = RunRecord.Deserialize(System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal(ProcessTable.Current.Self(), record.AppHost.Identity);
        Assert.Equal(ProcessTable.Current.Find(process.Id), Assert.Single(record.Children).Identity);
        Assert.DoesNotContain("a-secret", text, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, file.Directory!.UnixFileMode);

        await process.KillAsync();
        Assert.Empty(RunRecord.Deserialize(await File.ReadAllBytesAsync(file.FullName, TestProcesses.Cancellation)).Children);
    }

    private static RunRecord Record(ProcessIdentity appHost, params ProcessIdentity[] children) => new()
    {
        RunId = Guid.NewGuid().ToString("N"),
        Scope = ProcessTable.Current.Scope,
        Boot = ProcessTable.Current.Boot,
        AppHost = RecordedProcess.From(appHost, "AppHost"),
        Children = [.. children.Select(child => RecordedProcess.From(child, "subject"))],
    };

    private static string Write(TestSupervisor test, RunRecord record)
    {
        Directory.CreateDirectory(test.Options.RunsDirectory);
        var path = Path.Combine(test.Options.RunsDirectory, record.RunId + RunRecordFile.Extension);
        File.WriteAllBytes(path, record.Serialize());
        return path;
    }

    private static Process StartBystander(TestSupervisor test)
    {
        var start = new ProcessStartInfo("sleep", "600");
        foreach (var (name, value) in test.Processes.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static ProcessIdentity Identify(Process process) => ProcessTable.Current.Read(process.Id)!.Value.Identity;
}
