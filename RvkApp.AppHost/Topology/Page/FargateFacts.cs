using System.Globalization;
using RvkApp.AppHost.Verification;
using Resource = RvkApp.AppHost.Verification.Resource;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>The size of a service's task.</summary>
/// <param name="Cpu">vCPU; <see langword="null"/> where the template does not say.</param>
/// <param name="Memory">MB; <see langword="null"/> where the template does not say.</param>
/// <param name="Count">How many tasks run: ECS starts one where the template does not say.</param>
/// <param name="Image">The image of the first container.</param>
internal sealed record FargateFacts(double? Cpu, int? Memory, int Count, string Image)
{
    /// <summary>In a few words.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{Cpu?.ToString("0.##", CultureInfo.InvariantCulture) ?? "?"} vCPU, {Memory?.ToString(CultureInfo.InvariantCulture) ?? "?"} MB, {(Count == 1 ? "1 task" : $"{Count} tasks")}");

    /// <summary>Reads them.</summary>
    /// <param name="template">The template.</param>
    /// <param name="service">The service.</param>
    /// <returns>The facts.</returns>
    public static FargateFacts Of(Template template, Resource service)
    {
        var task = template.Resources.FirstOrDefault(resource =>
            resource.Type == "AWS::ECS::TaskDefinition" && service.At("TaskDefinition")?.Mentions(resource.Id) == true);
        return new FargateFacts(
            task?.At("Cpu")?.AsInt / 1024.0,
            task?.At("Memory")?.AsInt,
            service.At("DesiredCount")?.AsInt ?? 1,
            task?.List("ContainerDefinitions").FirstOrDefault()?["Image"]?.ToString() ?? string.Empty);
    }
}
