using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Resources;

/// <summary>How commands and what they produce are shown.</summary>
internal static class CommandView
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The commands that stand beside a resource; the others are in its menu, where all of them are.</summary>
    public static IEnumerable<ResourceCommandSnapshot> Highlighted(ResourceView view) => view.Commands.Where(c => c.IsHighlighted);

    /// <summary>The result of a command as it is to be read: JSON is indented, all else is as it came.</summary>
    public static string Pretty(CommandResultData data)
    {
        if (data.Format != CommandResultFormat.Json)
        {
            return data.Value;
        }

        try
        {
            using var document = JsonDocument.Parse(data.Value);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            // What is no JSON is shown nevertheless.
            return data.Value;
        }
    }
}
