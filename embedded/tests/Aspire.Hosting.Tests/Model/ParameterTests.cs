using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Model;

public class ParameterTests
{
    private static async Task<string?> ValueOf(IResourceBuilder<ParameterResource> parameter) => await parameter.Resource.GetValueAsync(TestDeadline.Token());

    [Fact]
    public async Task A_value_comes_from_configuration()
    {
        using var builder = ModelBuilder.With(("Parameters:plain", "1"), ("Parameters:with_hyphen", "2"), ("Other:Key", "3"));

        Assert.Equal("1", await ValueOf(builder.AddParameter("plain")));
        Assert.Equal("2", await ValueOf(builder.AddParameter("with-hyphen")));
        Assert.Equal("3", await ValueOf(builder.AddParameterFromConfiguration("other", "Other:Key")));
    }

    [Fact]
    public async Task A_missing_value_is_an_error_that_says_how_to_set_it()
    {
        using var builder = ModelBuilder.Run();

        var exception = await Assert.ThrowsAsync<MissingParameterValueException>(() => ValueOf(builder.AddParameter("jwt-key", secret: true)));

        Assert.Contains("'jwt-key'", exception.Message);
        Assert.Contains("Parameters:jwt-key", exception.Message);
        Assert.Contains("Parameters__jwt_key", exception.Message);
    }

    [Fact]
    public async Task A_given_value_is_used_whatever_is_configured()
    {
        using var builder = ModelBuilder.With(("Parameters:fixed", "configured"));
        var count = 0;
        var counted = builder.AddParameter("counted", () => $"{++count}");

        Assert.Equal("given", await ValueOf(builder.AddParameter("fixed", "given")));
        Assert.Equal("1", await ValueOf(counted));
        Assert.Equal("1", await ValueOf(counted));
    }

    [Fact]
    public async Task A_default_gives_way_to_configuration()
    {
        using var builder = ModelBuilder.With(("Parameters:set", "configured"));

        Assert.Equal("configured", await ValueOf(builder.AddParameter("set", new GenerateParameterDefault { MinLength = 30 })));
        Assert.Equal(30, (await ValueOf(builder.AddParameter("unset", new GenerateParameterDefault { MinLength = 30 })))!.Length);
    }

    [Fact]
    public void A_secret_is_not_published_as_default()
    {
        using var builder = ModelBuilder.Run();
        Assert.Throws<ArgumentException>(() => builder.AddParameter("key", "value", publishValueAsDefault: true, secret: true));
    }

    [Theory]
    [InlineData(22, true, true, true, true, 0, 0, 0, 0)]
    [InlineData(22, true, true, true, false, 1, 1, 1, 0)]
    [InlineData(10, false, false, true, false, 0, 0, 0, 0)]
    [InlineData(4, true, true, true, true, 3, 3, 3, 3)]
    public void A_generated_value_keeps_to_its_rules(int minLength, bool lower, bool upper, bool numeric, bool special, int minLower, int minUpper, int minNumeric, int minSpecial)
    {
        var settings = new GenerateParameterDefault
        {
            MinLength = minLength,
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        };

        for (var i = 0; i < 200; i++)
        {
            var value = settings.GetDefaultValue();
            Assert.Equal(Math.Max(minLength, minLower + minUpper + minNumeric + minSpecial), value.Length);
            AssertClass(value, char.IsAsciiLetterLower, lower, minLower);
            AssertClass(value, char.IsAsciiLetterUpper, upper, minUpper);
            AssertClass(value, char.IsAsciiDigit, numeric, minNumeric);
            AssertClass(value, c => !char.IsAsciiLetterOrDigit(c), special, minSpecial);
        }

        static void AssertClass(string value, Func<char, bool> isMember, bool allowed, int least)
        {
            var count = value.Count(isMember);
            Assert.True(count >= least, $"{count} of at least {least} in {value}");
            Assert.True(allowed || count == 0, value);
        }
    }

    [Fact]
    public void Contradictory_rules_are_refused()
    {
        Assert.Throws<DistributedApplicationException>(() => new GenerateParameterDefault { Lower = false, MinLower = 1 }.GetDefaultValue());
        Assert.Throws<DistributedApplicationException>(() => new GenerateParameterDefault { Lower = false, Upper = false, Numeric = false, Special = false, MinLength = 5 }.GetDefaultValue());
    }

    [Fact]
    public async Task Default_passwords_have_22_characters_and_may_do_without_specials()
    {
        using var builder = ModelBuilder.Publish();
        var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, "db-password", special: false);

        var value = await password.GetValueAsync(TestDeadline.Token());

        Assert.True(password.Secret);
        Assert.Equal(22, value!.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
    }

    [Fact]
    public void A_kept_value_is_made_once_and_found_again()
    {
        var secrets = new MemorySecrets();
        using var first = ModelBuilder.Run();
        var @default = new UserSecretsParameterDefault(first.Configuration, "key", new GenerateParameterDefault { MinLength = 22 }, secrets);

        var value = @default.GetDefaultValue();

        Assert.True(@default.WasGenerated);
        Assert.Equal(value, secrets.Stored["Parameters:key"]);
        Assert.Equal(value, first.Configuration["Parameters:key"]);
        using var second = ModelBuilder.Run();
        var again = new UserSecretsParameterDefault(second.Configuration, "key", new GenerateParameterDefault { MinLength = 22 }, secrets);
        Assert.Equal(value, again.GetDefaultValue());
        Assert.False(again.WasGenerated);
    }

    private sealed class MemorySecrets : IUserSecretsManager
    {
        public Dictionary<string, string> Stored { get; } = [];

        public bool IsAvailable => true;

        public string FilePath => "";

        public bool TrySetSecret(string name, string value) => throw new NotSupportedException();

        public bool TryDeleteSecret(string name) => throw new NotSupportedException();

        public void GetOrSetSecret(IConfigurationManager configuration, string name, Func<string> valueGenerator)
            => configuration[name] = Stored.TryGetValue(name, out var stored) ? stored : Stored[name] = valueGenerator();
    }
}
