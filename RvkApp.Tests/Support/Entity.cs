using System.Text.Json.Nodes;

namespace RvkApp.Tests.Support;

/// <summary>One of the three collections that have the same routes: what a valid body is, and which field is unique.</summary>
internal sealed record Entity(string Name, string UniqueField, Func<JsonObject> NewBody)
{
    public static Entity Students { get; } = new("students", "email", () => new JsonObject { ["name"] = "Ada Lovelace", ["email"] = Unique.Email(), ["age"] = 20 });

    public static Entity Teachers { get; } = new("teachers", "email", () => new JsonObject { ["name"] = "Alan Turing", ["email"] = Unique.Email(), ["age"] = 41 });

    public static Entity Courses { get; } = new("courses", "code", () => new JsonObject { ["title"] = "Logic", ["code"] = Unique.Code(), ["credits"] = 6 });

    public static Entity[] All { get; } = [Students, Teachers, Courses];

    public static TheoryData<string> Names => new(All.Select(e => e.Name));

    /// <summary>Those that have courses.</summary>
    public static TheoryData<string> People => new(Students.Name, Teachers.Name);

    public string Path => $"/{Name}";

    public static Entity Of(string name) => All.Single(e => e.Name == name);

    /// <summary>Creates one and returns it as the API shows it.</summary>
    public async Task<JsonObject> CreateAsync(HttpClient admin, Action<JsonObject>? change = null)
    {
        var body = NewBody();
        change?.Invoke(body);
        var answer = await admin.PostAsync(Path, body);
        answer.ShouldBe(201);
        return JsonNode.Parse(answer.Text)!.AsObject();
    }

    public async Task<string> CreateIdAsync(HttpClient admin) => (string)(await CreateAsync(admin))["id"]!;

    public override string ToString() => Name;
}
