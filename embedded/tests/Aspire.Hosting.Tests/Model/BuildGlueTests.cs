using System.Reflection;

namespace Aspire.Hosting.Tests.Model;

/// <summary>What the build of an app host leaves in its assembly.</summary>
public class BuildGlueTests
{
    private static readonly Assembly AppHost = typeof(Projects.SmallApp_AppHost).Assembly;

    [Fact]
    public void There_is_a_class_for_each_project_that_is_a_resource_and_for_the_app_host()
        => Assert.Equal(["SmallApp_AppHost", "SmallApp_Web"], AppHost.GetExportedTypes().Where(t => t.Namespace == "Projects").Select(t => t.Name).Order());

    [Fact]
    public void A_projects_class_says_where_it_is()
    {
        var project = (IProjectMetadata)Activator.CreateInstance(AppHost.GetType("Projects.SmallApp_Web", throwOnError: true)!)!;

        Assert.True(File.Exists(project.ProjectPath), project.ProjectPath);
        Assert.EndsWith("SmallApp.Web.csproj", project.ProjectPath);
        Assert.True(project.SuppressBuild);
    }

    [Fact]
    public void The_app_host_remembers_its_directory_and_where_the_build_puts_each_project()
    {
        var project = (IProjectMetadata)Activator.CreateInstance(AppHost.GetType("Projects.SmallApp_Web", throwOnError: true)!)!;

        Assert.Equal(Projects.SmallApp_AppHost.ProjectPath, DistributedApplicationBuilder.Metadata(AppHost, "apphostprojectpath"));
        Assert.Equal("SmallApp.AppHost.csproj", DistributedApplicationBuilder.Metadata(AppHost, "apphostprojectname"));
        var output = DistributedApplicationBuilder.Metadata(AppHost, $"projectoutput:{project.ProjectPath}");
        Assert.True(File.Exists(output), output);
        Assert.Equal("SmallApp.Web.dll", Path.GetFileName(output));
    }

    [Fact]
    public void A_resource_is_not_a_library_of_the_app_host()
        => Assert.DoesNotContain(AppHost.GetReferencedAssemblies(), a => a.Name == "SmallApp.Web");
}
