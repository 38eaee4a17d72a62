using Microsoft.Extensions.Options;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Platform.Http;

/// <summary>Section <c>Limits</c>: bounds on what one request may send.</summary>
internal sealed class LimitsOptions
{
    /// <summary>The largest request body in bytes. Default: 1 MiB.</summary>
    [Between("Limits:BodyBytes", 1024, 16 * 1024 * 1024)]
    public int BodyBytes { get; set; } = 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class LimitsOptionsValidator : IValidateOptions<LimitsOptions>;
