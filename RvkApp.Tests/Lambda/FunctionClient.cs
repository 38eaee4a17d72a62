using System.Text.Json.Nodes;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>Sends requests to a function as API Gateway does, without one.</summary>
internal sealed class FunctionClient(RuntimeApiServer runtime)
{
    /// <summary>The bearer token; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The client's address, as API Gateway reports it.</summary>
    public string SourceIp { get; set; } = "203.0.113.7";

    public async Task<FunctionReply> SendAsync(string method, string path, JsonObject? body = null, string query = "")
    {
        var request = new HttpApiEvent(method, path) { Body = body?.ToJsonString(), Query = query, SourceIp = SourceIp }.With("content-type", "application/json");
        if (Token is not null)
        {
            request.With("authorization", $"Bearer {Token}");
        }

        return new FunctionReply($"{method} {path}", await runtime.InvokeAsync(request.ToString()));
    }

    /// <summary>Signs in and keeps the token.</summary>
    public async Task SignInAsync(string email, string password)
    {
        var signIn = await SendAsync("POST", "/auth/login", new JsonObject { ["email"] = email, ["password"] = password });
        Token = signIn.ShouldBe(200)["token"]!.GetValue<string>();
    }
}

/// <summary>What a function answered, with the assertions that tests make on it.</summary>
internal sealed record FunctionReply(string Request, InvocationResult Result)
{
    public JsonNode ShouldBe(int status) => JsonNode.Parse(ShouldBeStatus(status).Body)!;

    public InvocationResult ShouldBeStatus(int status)
    {
        Assert.True(!Result.IsError && Result.Status == status, $"{Request}: not {status} but {Result.Text}");
        return Result;
    }
}
