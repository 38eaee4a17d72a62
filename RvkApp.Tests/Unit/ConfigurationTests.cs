using System.Diagnostics;
using RvkApp.Api.Auth;
using RvkApp.Api.Platform.Http;

namespace RvkApp.Tests.Unit;

/// <summary>What the process says when it cannot start, seen from outside.</summary>
public class ConfigurationTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Database = "mongodb://admin:pass-word@127.0.0.1:1/school";

    public static TheoryData<string, string, string> WrongValues => new()
    {
        { "Jwt__SigningKey", "", "Jwt:SigningKey is not set" },
        { "Jwt__SigningKey", "too short", "Jwt:SigningKey has 9 bytes" },
        { "Jwt__Lifetime", "eight hours", "Failed to convert configuration value 'eight hours' at 'Jwt:Lifetime'" },
        { "Jwt__Lifetime", "00:00:00", "Jwt:Lifetime must be between" },
        { "ConnectionStrings__school", "", "ConnectionStrings:school is not set" },
        { "ConnectionStrings__school", "mongodb://admin:pass-word@127.0.0.1:1", "ConnectionStrings:school names no database" },
        { "ConnectionStrings__school", "postgres://admin:pass-word@127.0.0.1:1/school", "ConnectionStrings:school is not a MongoDB connection string" },
        { "Admin__Password", "short", "Admin:Password must be 8 to 100 characters" },
        { "Admin__Email", "nobody", "Admin:Email is not an e-mail address" },
        { "Cors__Origins__0", "*", "Cors:Origins has '*'" },
        { "Cors__Origins__0", "https://school.example/path", "Cors:Origins has 'https://school.example/path'" },
        { "Limits__BodyBytes", "-1", "Limits:BodyBytes must be between" },
        { "Limits__BodyBytes", "much", "Failed to convert configuration value 'much' at 'Limits:BodyBytes'" },
        { "Database__PoolSize", "0", "Database:PoolSize must be between" },
        { "Database__SocketTimeout", "soon", "Failed to convert configuration value 'soon' at 'Database:SocketTimeout'" },
        { "SignIn__Failures", "0", "SignIn:Failures must be between" },
        { "Seed__Demo", "perhaps", "Failed to convert configuration value 'perhaps' at 'Seed:Demo'" },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public async Task A_wrong_value_ends_the_start_with_one_sentence(string name, string value, string sentence)
    {
        var (exitCode, errors) = await RunAsync(new Dictionary<string, string>
        {
            ["Jwt__SigningKey"] = Key,
            ["ConnectionStrings__school"] = Database,
            ["Admin__Email"] = "admin@school.example",
            ["Admin__Password"] = "long enough",
            [name] = value,
        });

        Assert.NotEqual(0, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith($"RvkApp.Api cannot start: {sentence}", line, StringComparison.Ordinal);
        Assert.DoesNotContain("pass-word", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_wrong_value_has_its_sentence()
    {
        var (exitCode, errors) = await RunAsync(new Dictionary<string, string>
        {
            ["ConnectionStrings__school"] = Database,
            ["SignIn__Failures"] = "0",
            ["SignIn__Window"] = "00:00:00",
        });

        Assert.NotEqual(0, exitCode);
        Assert.Equal(3, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("https://school.example", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("https://school.example/", false)]
    [InlineData("school.example", false)]
    [InlineData("ftp://school.example", false)]
    [InlineData("null", false)]
    public void Origins_are_scheme_host_and_port(string origin, bool valid)
        => Assert.Equal(valid, new CorsOptionsValidator().Validate(null, new CorsOptions { Origins = [origin] }).Succeeded);

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("admin@school.example", "long enough", true)]
    [InlineData("admin@school.example", null, true)]
    [InlineData("nobody", null, false)]
    [InlineData(null, "long enough", false)]
    public void The_first_admin_has_an_address_and_the_password_may_be_gone_again(string? email, string? password, bool valid)
        => Assert.Equal(valid, new AdminOptionsValidator().Validate(null, new AdminOptions { Email = email, Password = password }).Succeeded);

    private static async Task<(int ExitCode, string Errors)> RunAsync(Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "RvkApp.Api.dll")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OTEL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
            await output;
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
