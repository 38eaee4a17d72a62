using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where the value of a parameter comes from when none is configured.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    /// <returns>The value.</returns>
    public abstract string GetDefaultValue();
}

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Letters that are easily mistaken for another letter or digit are left out: people read these aloud and type them.
    private const string LowerCharacters = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCharacters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericCharacters = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>The least number of characters.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether there are lower-case letters.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether there are upper-case letters.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether there are digits.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether there are special characters.</summary>
    public bool Special { get; set; } = true;

    /// <summary>The least number of lower-case letters.</summary>
    public int MinLower { get; set; }

    /// <summary>The least number of upper-case letters.</summary>
    public int MinUpper { get; set; }

    /// <summary>The least number of digits.</summary>
    public int MinNumeric { get; set; }

    /// <summary>The least number of special characters.</summary>
    public int MinSpecial { get; set; }

    /// <summary>A new random value.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="DistributedApplicationException">The settings contradict each other.</exception>
    public override string GetDefaultValue()
    {
        (string Characters, bool Allowed, int Least)[] classes =
        [
            (LowerCharacters, Lower, MinLower),
            (UpperCharacters, Upper, MinUpper),
            (NumericCharacters, Numeric, MinNumeric),
            (SpecialCharacters, Special, MinSpecial),
        ];

        if (classes.Any(c => c.Least < 0 || (!c.Allowed && c.Least > 0)) || MinLength < 0)
        {
            throw new DistributedApplicationException("A generated parameter asks for a negative number of characters, or for characters it does not allow.");
        }

        var all = string.Concat(classes.Where(c => c.Allowed).Select(c => c.Characters));
        if (all.Length == 0)
        {
            throw new DistributedApplicationException("A generated parameter allows no characters.");
        }

        var characters = classes.SelectMany(c => Pick(c.Characters, c.Least)).ToList();
        characters.AddRange(Pick(all, MinLength - characters.Count));
        var value = characters.ToArray();
        RandomNumberGenerator.Shuffle(value.AsSpan());
        return new string(value);
    }

    private static char[] Pick(string characters, int count) => count <= 0 ? [] : RandomNumberGenerator.GetItems<char>(characters, count);
}

/// <summary>A fixed value.</summary>
internal sealed class ConstantParameterDefault(Func<string> valueGetter) : ParameterDefault
{
    public override string GetDefaultValue() => valueGetter();
}

/// <summary>A value that is made once and then kept in the app host's user secrets.</summary>
internal sealed class UserSecretsParameterDefault(IConfigurationManager configuration, string name, ParameterDefault inner, IUserSecretsManager userSecrets) : ParameterDefault
{
    /// <summary>Whether this run made the value, so that it can be shown once to the person who started it.</summary>
    public bool WasGenerated { get; private set; }

    public override string GetDefaultValue()
    {
        var key = $"Parameters:{name}";
        userSecrets.GetOrSetSecret(configuration, key, () =>
        {
            WasGenerated = true;
            return inner.GetDefaultValue();
        });

        return configuration[key] ?? throw new InvalidOperationException($"The user secrets manager did not set '{key}'.");
    }
}
