using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>A resource as rows of a table.</summary>
internal static class ResourceRows
{
    /// <summary>Its name, its instance, and its other attributes.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(TelemetryResource resource)
    {
        var rows = new List<KeyValuePair<string, string>> { new("service.name", resource.Name) };
        if (resource.InstanceId.Length > 0)
        {
            rows.Add(new("service.instance.id", resource.InstanceId));
        }

        rows.AddRange(resource.Attributes.Where(attribute => attribute.Key is not ("service.name" or "service.instance.id"))
            .Select(attribute => KeyValuePair.Create(attribute.Key, attribute.Value)));
        return rows;
    }
}
