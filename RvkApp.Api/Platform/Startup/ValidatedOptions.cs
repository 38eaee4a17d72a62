using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace RvkApp.Api.Platform.Startup;

internal static class ValidatedOptions
{
    /// <summary>Registers the validator of options that are bound to a section; they are validated before the application starts.</summary>
    public static OptionsBuilder<TOptions> AddValidatedOptions<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TValidator>(this IServiceCollection services)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>
    /// Validates all of them. The host would do so itself when it starts, and log a stack trace; here the exception reaches <see cref="StartupFailure"/> alone.
    /// </summary>
    public static void ValidateOptions(this WebApplication app) => app.Services.GetService<IStartupValidator>()?.Validate();
}
