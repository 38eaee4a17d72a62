using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB.Local;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.MongoDB.Tests;

/// <summary>Where the password of a server comes from when its parameter is not configured.</summary>
public sealed class VolumePasswordTests : IDisposable
{
    private const string Key = "Parameters:mongo-password";

    private readonly string _root = Directory.CreateTempSubdirectory("volumes-").FullName;
    private readonly FakeUserSecrets _secrets = new();

    private DataDirectory Volume => new(Path.Combine(_root, "data"), "data");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_new_volume_of_a_new_user_gets_a_new_password_that_both_keep()
    {
        var password = Resolve();

        Assert.Equal("generated", password);
        Assert.Equal("generated", _secrets.Values[Key]);
        Assert.Equal(new VolumeCredential("admin", "generated"), VolumeCredential.Read(Volume.Path));
    }

    [Fact]
    public void A_new_volume_takes_the_password_that_the_user_has()
    {
        _secrets.Values[Key] = "kept";

        Assert.Equal("kept", Resolve());
        Assert.Equal("kept", VolumeCredential.Read(Volume.Path)?.Password);
    }

    [Fact]
    public void A_volume_opens_for_a_user_whose_profile_was_wiped()
    {
        Resolve();
        _secrets.Values.Clear();

        Assert.Equal("generated", Resolve(generate: () => "another"));
    }

    [Fact]
    public void A_volume_has_its_own_password_whatever_other_volumes_have()
    {
        Resolve();
        _secrets.Values[Key] = "of-another-volume";

        Assert.Equal("generated", Resolve());
        Assert.Equal("of-another-volume", _secrets.Values[Key]);
    }

    [Fact]
    public void Data_without_a_credential_is_never_opened_with_a_made_up_password()
    {
        Directory.CreateDirectory(Path.Combine(Volume.Path, "embedded"));

        var error = Assert.Throws<DistributedApplicationException>(() => Resolve());

        Assert.Contains(Volume.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(Key, error.Message, StringComparison.Ordinal);
        Assert.Empty(_secrets.Values);
        Assert.Null(VolumeCredential.Read(Volume.Path));
    }

    [Fact]
    public void Data_without_a_credential_is_opened_with_the_password_that_the_user_has()
    {
        Directory.CreateDirectory(Path.Combine(Volume.Path, "embedded"));
        _secrets.Values[Key] = "kept";

        Assert.Equal("kept", Resolve());
        // The server has not accepted it yet.
        Assert.Null(VolumeCredential.Read(Volume.Path));
    }

    [Fact]
    public void Data_that_nobody_keeps_has_a_password_that_nobody_keeps()
    {
        Assert.Equal("generated", Resolve(isKept: false));
        Assert.Empty(_secrets.Values);
        Assert.False(Directory.Exists(Volume.Path));
    }

    [Fact]
    public void Where_no_volume_can_be_made_no_secret_is_kept()
    {
        File.WriteAllText(Volume.Path, "a file where the directory should be");

        var error = Assert.Throws<DistributedApplicationException>(() => Resolve());

        Assert.Contains(Volume.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("Embedded:VolumesPath", error.Message, StringComparison.Ordinal);
        Assert.Empty(_secrets.Values);
    }

    private string Resolve(bool isKept = true, Func<string>? generate = null)
        => new VolumePassword(Key, "admin", () => isKept ? Volume : null, _secrets, new Generated(generate ?? (() => "generated"))).GetDefaultValue();

    private sealed class Generated(Func<string> value) : ParameterDefault
    {
        public override string GetDefaultValue() => value();
    }

    private sealed class FakeUserSecrets : IUserSecretsManager
    {
        public Dictionary<string, string> Values { get; } = [];

        public bool IsAvailable => true;

        public string FilePath => "secrets.json";

        public bool TrySetSecret(string name, string value)
        {
            Values[name] = value;
            return true;
        }

        public bool TryDeleteSecret(string name) => Values.Remove(name);

        public void GetOrSetSecret(IConfigurationManager configuration, string name, Func<string> valueGenerator)
        {
            if (configuration[name] is null)
            {
                configuration[name] = Values.TryGetValue(name, out var kept) ? kept : Values[name] = valueGenerator();
            }
        }
    }
}
