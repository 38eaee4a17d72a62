using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RvkApp.Api.Platform.Startup;

/// <summary>A duration within bounds. (<c>RangeAttribute</c> with a type converts by reflection, which a trimmed binary cannot rely on.)</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string key, string minimum, string maximum) : ValidationAttribute
{
    public override bool IsValid(object? value)
        => value is TimeSpan duration && duration >= Parse(minimum) && duration <= Parse(maximum);

    public override string FormatErrorMessage(string name) => $"{key} must be between {minimum} and {maximum} ([days.]hours:minutes:seconds).";

    private static TimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
