using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("api")]
    [InlineData("Api-2")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl")]
    public void A_name_of_letters_digits_and_single_hyphens_is_valid(string name)
        => Assert.Equal(name, new ContainerResource(name).Name);

    [Theory]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("2api", "must start with an ASCII letter")]
    [InlineData("-api", "must start with an ASCII letter")]
    [InlineData("api_x", "only ASCII letters, digits and hyphens")]
    [InlineData("äpi", "must start with an ASCII letter")]
    [InlineData("apä", "only ASCII letters, digits and hyphens")]
    [InlineData("a--b", "consecutive hyphens")]
    [InlineData("api-", "end with a hyphen")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm", "65 characters")]
    public void An_invalid_name_is_refused_with_its_fault(string name, string? fault)
    {
        var exception = Assert.Throws<ArgumentException>(() => new ContainerResource(name));
        if (fault is not null)
        {
            Assert.Contains(fault, exception.Message);
            Assert.Contains($"'{name}'", exception.Message);
        }
    }

    [Fact]
    public void Two_resources_cannot_have_the_same_name_in_whatever_case()
    {
        using var builder = ModelBuilder.Run();
        builder.AddParameter("key", "value");

        var exception = Assert.Throws<DistributedApplicationException>(() => builder.AddProgram("KEY"));

        Assert.Contains("'KEY'", exception.Message);
        Assert.Contains(nameof(ParameterResource), exception.Message);
    }

    [Fact]
    public void A_resource_is_found_by_its_name_in_whatever_case()
    {
        using var builder = ModelBuilder.Run();
        var program = builder.AddProgram("worker");

        Assert.True(builder.Resources.TryGetByName("WORKER", out var found));
        Assert.Same(program.Resource, found);
        Assert.Same(program.Resource, builder.CreateResourceBuilder<ExecutableResource>("worker").Resource);
        Assert.False(builder.TryCreateResourceBuilder<ContainerResource>("worker", out _));
        Assert.Throws<InvalidOperationException>(() => builder.CreateResourceBuilder<ContainerResource>("worker"));
        Assert.Throws<InvalidOperationException>(() => builder.CreateResourceBuilder<ExecutableResource>("nobody"));
    }

    [Fact]
    public void Volume_names_are_stable_and_differ_between_resources()
    {
        using var builder = ModelBuilder.Run();
        var one = builder.AddContainer("one", "image");
        var two = builder.AddContainer("two", "image");

        Assert.Equal(VolumeNameGenerator.Generate(one, "data"), VolumeNameGenerator.Generate(one, "data"));
        Assert.NotEqual(VolumeNameGenerator.Generate(one, "data"), VolumeNameGenerator.Generate(two, "data"));
        Assert.EndsWith("-one-data", VolumeNameGenerator.Generate(one, "data"));
        Assert.Throws<ArgumentException>(() => VolumeNameGenerator.Generate(one, "da/ta"));
    }
}
