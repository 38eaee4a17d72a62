using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RvkApp.AppHost.Verification;

/// <summary><c>verification.json</c>: the report for machines. The same report always gives the same bytes.</summary>
internal static class VerificationJson
{
    /// <summary>The version of the schema; it grows when a field changes its meaning, not when one is added.</summary>
    public const int SchemaVersion = 1;

    /// <summary>How everything here is written: for files, never inside HTML, so that quotes and brackets stay readable.</summary>
    private static readonly VerificationJsonContext Context = new(new JsonSerializerOptions(VerificationJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes a report: camelCase, indented, lines ended by <c>\n</c>.</summary>
    public static string Serialize(VerificationReport report) =>
        JsonSerializer.Serialize(new(SchemaVersion, report.Template, report.Passed, report.Checks, report.Flows, report.Diagnoses), Context.VerificationDocument) + "\n";

    /// <summary>Reads a report back.</summary>
    /// <exception cref="TemplateException">The text is no report, or of another schema version.</exception>
    public static VerificationReport Deserialize(string json)
    {
        VerificationDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, Context.VerificationDocument);
        }
        catch (JsonException error)
        {
            throw new TemplateException($"This is no verification report: {error.Message} Verify the template again to write one.", error);
        }

        if (document is not { SchemaVersion: SchemaVersion })
        {
            throw new TemplateException($"The verification report has the schema version {document?.SchemaVersion ?? 0}, not {SchemaVersion}: verify the template again to write one.");
        }

        return new(document.Template, document.Passed, document.Checks, document.Flows, document.Diagnoses);
    }

    /// <summary>Writes the difference of two templates in the same manner.</summary>
    public static string Serialize(PolicyDifference difference) => JsonSerializer.Serialize(
        new(SchemaVersion, difference.Before, difference.After, difference.NowReachable, difference.NoLongerReachable, difference.RulesAdded, difference.RulesRemoved),
        Context.PolicyDifferenceDocument) + "\n";
}

/// <summary>The root of <c>verification.json</c>.</summary>
internal sealed record VerificationDocument(
    int SchemaVersion, string Template, bool Passed, ImmutableArray<CheckResult> Checks, ImmutableArray<FlowResult> Flows, ImmutableArray<Diagnosis> Diagnoses);

/// <summary>The root of a difference in JSON.</summary>
internal sealed record PolicyDifferenceDocument(
    int SchemaVersion, string Before, string After, ImmutableArray<ReachabilityChange> NowReachable, ImmutableArray<ReachabilityChange> NoLongerReachable,
    ImmutableArray<Evidence> RulesAdded, ImmutableArray<Evidence> RulesRemoved);

/// <summary>An enumeration as its camelCase name.</summary>
internal sealed class CamelCaseName<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The generated serializers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    Converters = [typeof(CamelCaseName<CheckKind>), typeof(CamelCaseName<FlowState>)])]
[JsonSerializable(typeof(VerificationDocument))]
[JsonSerializable(typeof(PolicyDifferenceDocument))]
internal sealed partial class VerificationJsonContext : JsonSerializerContext;
