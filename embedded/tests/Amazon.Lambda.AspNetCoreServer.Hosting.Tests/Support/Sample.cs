using System.Text.Json.Nodes;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

/// <summary>Events in the shape that AWS's documentation shows.</summary>
internal static class Sample
{
    public static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", file));

    public static JsonObject Parse(string file) => JsonNode.Parse(Read(file))!.AsObject();
}
