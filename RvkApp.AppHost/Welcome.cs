using System.Net;
using System.Net.Http.Json;

namespace RvkApp.AppHost;

/// <summary>What the console says once the system is up.</summary>
internal static class Welcome
{
    private static readonly TimeSpan SignInTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Prints the links when the API is ready and, in the run that generated it, the admin's sign-in.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="api">The API.</param>
    /// <param name="adminEmail">The admin's email.</param>
    /// <param name="adminPassword">The admin's password.</param>
    public static void AddWelcome(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> api,
        IResourceBuilder<ParameterResource> adminEmail,
        IResourceBuilder<ParameterResource> adminPassword)
    {
        // A password that is kept was shown when it was made, or whoever set it knows it.
        var passwordIsNew = builder.Configuration[$"Parameters:{adminPassword.Resource.Name}"] is null;
        var shown = 0;

        api.OnResourceReady(async (resource, _, cancellationToken) =>
        {
            // A restart of the API makes it ready again, at the same address.
            if (Interlocked.Exchange(ref shown, 1) == 1)
            {
                return;
            }

            var url = resource.GetEndpoint("http").Url;
            List<string> lines =
            [
                string.Empty,
                $"  API            {url}",
                $"  API reference  {url}/api-docs",
            ];
            if (passwordIsNew)
            {
                var email = await adminEmail.Resource.GetValueAsync(cancellationToken);
                var password = await adminPassword.Resource.GetValueAsync(cancellationToken);
                lines.AddRange(await DescribeSignInAsync(url, email!, password!, cancellationToken));
            }

            lines.Add(string.Empty);
            Console.WriteLine(string.Join(Environment.NewLine, lines));
        });
    }

    // The API makes its first admin in an empty database only: with a volume from an earlier run and a new user profile, the new password
    // opens nothing, and whoever is told otherwise would look for the fault in the wrong place.
    private static async Task<string[]> DescribeSignInAsync(string url, string email, string password, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = SignInTimeout };
        using var answer = await client.PostAsJsonAsync($"{url}/auth/login", new { email, password }, cancellationToken);
        return answer.StatusCode == HttpStatusCode.Unauthorized
            ?
            [
                $"  Sign in as     {email}, with the password of an earlier run: the database has an admin already.",
                "                 To begin anew, delete the volume.",
            ]
            :
            [
                $"  Sign in as     {email}",
                $"  Password       {password}   (generated now, and shown only now)",
            ];
    }
}
