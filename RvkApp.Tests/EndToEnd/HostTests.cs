namespace RvkApp.Tests.EndToEnd;

/// <summary>An end-to-end test that is forgotten in one of the lists would not run on that host, and nobody would notice.</summary>
public class HostTests
{
    [Fact]
    public void Every_end_to_end_test_runs_on_every_host()
    {
        var all = typeof(HostTests).Assembly.GetTypes();
        var tests = all.Where(type => type.Namespace == typeof(HostTests).Namespace && type.IsAbstract && type.Name.EndsWith("Tests", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(tests);
        foreach (var host in (string[])["OnLambda", "OnProject"])
        {
            Assert.Equivalent(tests, all.Where(type => type.Namespace == $"{typeof(HostTests).Namespace}.{host}").Select(type => type.BaseType), strict: true);
        }
    }
}
