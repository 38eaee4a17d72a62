using System.Reflection;
using System.Reflection.Emit;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.Tests.Model;

public sealed class UserSecretsTests : IDisposable
{
    private readonly string _id = $"aspire-hosting-tests-{Guid.NewGuid():N}";

    private string FilePath => PathHelper.GetSecretsPathFromSecretsId(_id);

    public void Dispose()
    {
        if (Directory.Exists(Path.GetDirectoryName(FilePath)))
        {
            Directory.Delete(Path.GetDirectoryName(FilePath)!, recursive: true);
        }
    }

    [Fact]
    public void Secrets_are_set_read_and_deleted()
    {
        var manager = Manager();

        Assert.True(manager.IsAvailable);
        Assert.Equal(FilePath, manager.FilePath);
        Assert.True(manager.TrySetSecret("Parameters:a", "1"));
        Assert.True(manager.TrySetSecret("Parameters:b", "ä\"\n"));
        Assert.True(manager.TryDeleteSecret("Parameters:a"));
        Assert.False(manager.TryDeleteSecret("Parameters:a"));

        var configuration = new ConfigurationBuilder().AddJsonFile(FilePath).Build();
        Assert.Null(configuration["Parameters:a"]);
        Assert.Equal("ä\"\n", configuration["Parameters:b"]);
    }

    [Fact]
    public void What_is_in_the_file_stays_there()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, """{ "Other": "kept", /* by hand */ "Nested": { "Key": "kept too" }, }""");

        Assert.True(Manager().TrySetSecret("New", "n"));

        var configuration = new ConfigurationBuilder().AddJsonFile(FilePath).Build();
        Assert.Equal(("kept", "kept too", "n"), (configuration["Other"], configuration["Nested:Key"], configuration["New"]));
    }

    [Fact]
    public async Task App_hosts_that_start_together_agree_on_a_value()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() =>
        {
            var configuration = new ConfigurationManager();
            Manager().GetOrSetSecret(configuration, "Parameters:password", () => $"value {number}");
            return configuration["Parameters:password"];
        }))).InTimeAsync();

        Assert.Single(values.Distinct());
        Assert.Equal(values[0], new ConfigurationBuilder().AddJsonFile(FilePath).Build()["Parameters:password"]);
    }

    [Fact]
    public void A_configured_value_is_not_stored()
    {
        var configuration = new ConfigurationManager { ["key"] = "configured" };

        Manager().GetOrSetSecret(configuration, "key", () => throw new InvalidOperationException("not needed"));

        Assert.Equal("configured", configuration["key"]);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void Without_an_id_a_value_lasts_for_the_run()
    {
        var manager = new UserSecretsManager(typeof(object).Assembly);
        var configuration = new ConfigurationManager();

        manager.GetOrSetSecret(configuration, "key", () => "made");

        Assert.False(manager.IsAvailable);
        Assert.False(manager.TrySetSecret("key", "x"));
        Assert.Equal("made", configuration["key"]);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_and_stays_as_it_is()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "{ broken");

        var exception = Assert.Throws<DistributedApplicationException>(() => Manager().GetOrSetSecret(new ConfigurationManager(), "key", () => "made"));

        Assert.Contains(FilePath, exception.Message);
        Assert.Equal("{ broken", File.ReadAllText(FilePath));
    }

    [Fact]
    public void Only_the_user_can_read_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Looks at POSIX permissions.");
        Manager().TrySetSecret("key", "value");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(FilePath));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public void Secrets_are_read_in_every_environment(string environment)
    {
        Manager().TrySetSecret("Parameters:kept", "secret");
        var assembly = AssemblyWithId();

        using var builder = new AppHostBuilder(assembly, ["--environment", environment]);
        using var overridden = new AppHostBuilder(assembly, ["--environment", environment, "--Parameters:kept=command line"]);

        Assert.Equal("secret", builder.Inner.Configuration["Parameters:kept"]);
        Assert.Equal("command line", overridden.Inner.Configuration["Parameters:kept"]);
    }

    private UserSecretsManager Manager() => new(AssemblyWithId());

    private AssemblyBuilder AssemblyWithId() => AssemblyBuilder.DefineDynamicAssembly(
        new AssemblyName($"Secrets{_id}"), AssemblyBuilderAccess.Run, [new CustomAttributeBuilder(typeof(UserSecretsIdAttribute).GetConstructor([typeof(string)])!, [_id])]);

    /// <summary>A builder for an app host whose assembly is made up.</summary>
    private sealed class AppHostBuilder : IDisposable
    {
        public AppHostBuilder(AssemblyBuilder assembly, string[] args)
            => Inner = new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = args, AssemblyName = assembly.GetName().Name });

        public DistributedApplicationBuilder Inner { get; }

        public void Dispose() => Inner.Configuration.Dispose();
    }
}
