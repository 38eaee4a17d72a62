using System.Globalization;
using RvkApp.AppHost.Topology.Page;

namespace RvkApp.AppHost.Topology.Steps;

/// <summary>What the page shows of the settings and of the commands to come. No path of this machine, so that two publishes give the same page.</summary>
internal static class PageFacts
{
    /// <summary>The command that runs a step: there is a launch profile for each.</summary>
    public static string Command(string step) => $"dotnet run --project RvkApp.AppHost --launch-profile {step}";

    /// <summary>The facts.</summary>
    public static TopologyPageFacts Of(string environment, TopologyOptions options) => new(
        environment,
        [
            new("Aws:Region", options.Region, "where deploy and audit go; the template itself names no region"),
            new("Aws:Environment", options.Environment, "the tag Environment"),
            new("Aws:AllowHttpEgress", options.AllowHttpEgress ? "true" : "false", "whether plain HTTP may leave the VPC"),
            new("Aws:MongoImage", options.MongoImage, "MongoDB's image"),
            new("Aws:MongoCpu", Number(options.MongoSize.Cpu), "CPU units of the MongoDB task"),
            new("Aws:MongoMemory", Number(options.MongoSize.Memory), "memory of the MongoDB task, MiB"),
            new("Aws:LambdaMemory", Number(options.LambdaMemory), "memory of the function, MB"),
            new("Aws:LambdaTimeout", Number(options.LambdaTimeout), "the longest a request may take, s"),
            new("Aws:LambdaConcurrency", Number(options.LambdaConcurrency), "requests served at once"),
            new("Aws:LogRetention", Number(options.LogRetention), "how long logs are kept, days"),
            new("Aws:ThrottleRate", Number(options.ThrottleRate), "requests a second that the HTTP API takes"),
            new("Aws:ThrottleBurst", Number(options.ThrottleBurst), "requests that it takes at once"),
            new("Aws:CorsOrigins", options.CorsOrigins.Count == 0 ? "none" : string.Join(", ", options.CorsOrigins), "whose pages may call the API"),
            new("Aws:FirstAdmin", options.FirstAdmin ? "true" : "false", "whether the first administrator's password is generated"),
            new("Aws:AlarmEmail", options.AlarmEmail ?? "nobody", "who is mailed about alarms"),
        ],
        [
            new("Deploy what was published", Command("deploy")),
            new("Compare the account with the template", Command(TopologySteps.Audit)),
            new("Verify again", Command(TopologySteps.Verify)),
        ]);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
