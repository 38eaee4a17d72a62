using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RvkApp.Api.Platform.Http;

/// <summary>Section <c>Limits</c>: bounds on what one request may send.</summary>
internal sealed class LimitsOptions
{
    /// <summary>The largest request body in bytes. Default: 1 MiB.</summary>
    [Range(1024, 16 * 1024 * 1024, ErrorMessage = "Limits:BodyBytes must be between 1024 and 16777216 bytes.")]
    public int BodyBytes { get; set; } = 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class LimitsOptionsValidator : IValidateOptions<LimitsOptions>;
