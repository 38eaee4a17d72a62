using System.Net;
using System.Net.Http.Json;

namespace RvkApp.AppHost;

/// <summary>Shows the first admin's sign-in, once: in the run that generated the password.</summary>
internal static class FirstSignIn
{
    private static readonly TimeSpan SignInTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Prints the admin's sign-in when the API is ready, if this run generates the password.</summary>
    /// <param name="entrance">What the API's clients talk to.</param>
    /// <param name="adminEmail">The admin's email.</param>
    /// <param name="adminPassword">The admin's password.</param>
    /// <returns>The entrance.</returns>
    public static IResourceBuilder<IResourceWithEndpoints> WithFirstSignIn(
        this IResourceBuilder<IResourceWithEndpoints> entrance, IResourceBuilder<ParameterResource> adminEmail, IResourceBuilder<ParameterResource> adminPassword)
    {
        // A password that is kept was shown when it was made, or whoever set it knows it.
        if (entrance.ApplicationBuilder.Configuration[$"Parameters:{adminPassword.Resource.Name}"] is not null)
        {
            return entrance;
        }

        var shown = 0;
        return entrance.OnResourceReady(async (resource, _, cancellationToken) =>
        {
            // A restart of the API makes it ready again.
            if (Interlocked.Exchange(ref shown, 1) == 0)
            {
                var email = await adminEmail.Resource.GetValueAsync(cancellationToken);
                var password = await adminPassword.Resource.GetValueAsync(cancellationToken);
                var lines = await DescribeSignInAsync(resource.GetEndpoint("http").Url, email!, password!, cancellationToken);
                Console.WriteLine(string.Join(Environment.NewLine, [string.Empty, .. lines, string.Empty]));
            }
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
