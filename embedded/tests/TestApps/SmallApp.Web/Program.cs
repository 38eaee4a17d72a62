if (Environment.GetEnvironmentVariable("REFUSE") is not null)
{
    Console.Error.WriteLine("the setting Refuse is on");
    return 3;
}

var app = WebApplication.CreateSlimBuilder(args).Build();

app.MapGet("/", () => Environment.GetEnvironmentVariable("GREETING") ?? "no greeting");
app.MapGet("/health", () => "healthy");
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) is { } value ? Results.Text(value) : Results.NotFound());
app.MapPost("/crash", void () => Environment.FailFast("asked to crash"));

app.Run();
return 0;
