using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RvkApp.Api.Platform.Startup;

/// <summary>A duration within bounds; the message names the value as configuration does.</summary>
/// <remarks>Why not <c>RangeAttribute</c>: with a type it converts by reflection, which a trimmed binary cannot rely on, and the validation generator drops its message.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string key, string minimum, string maximum) : ValidationAttribute
{
    public override bool IsValid(object? value)
        => value is TimeSpan duration && duration >= Parse(minimum) && duration <= Parse(maximum);

    public override string FormatErrorMessage(string name) => $"{key} must be between {minimum} and {maximum} ([days.]hours:minutes:seconds).";

    private static TimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A whole number within bounds; the message names the value as configuration does.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute(string key, int minimum, int maximum) : ValidationAttribute
{
    public override bool IsValid(object? value) => value is int number && number >= minimum && number <= maximum;

    public override string FormatErrorMessage(string name) => $"{key} must be between {minimum} and {maximum}.";
}
