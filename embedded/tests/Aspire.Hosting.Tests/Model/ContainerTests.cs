using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class ContainerTests
{
    [Theory]
    [InlineData("redis", null, null, "redis", "latest", null, "redis:latest")]
    [InlineData("redis:7", null, null, "redis", "7", null, "redis:7")]
    [InlineData("redis", "8.2", null, "redis", "8.2", null, "redis:8.2")]
    [InlineData("library/redis", null, null, "library/redis", "latest", null, "library/redis:latest")]
    [InlineData("ghcr.io/a/b:1", null, "ghcr.io", "a/b", "1", null, "ghcr.io/a/b:1")]
    [InlineData("localhost:5000/b", null, "localhost:5000", "b", "latest", null, "localhost:5000/b:latest")]
    [InlineData("a/b@sha256:abc", null, null, "a/b", null, "abc", "a/b@sha256:abc")]
    [InlineData("a/b:1@sha256:abc", null, null, "a/b", null, "abc", "a/b@sha256:abc")]
    public void An_image_name_is_taken_apart(string image, string? tag, string? registry, string name, string? expectedTag, string? digest, string full)
    {
        using var builder = ModelBuilder.Run();
        var container = tag is null ? builder.AddContainer("c", image) : builder.AddContainer("c", image, tag);
        var annotation = container.Resource.Annotations.OfType<ContainerImageAnnotation>().Single();

        Assert.Equal((registry, name, expectedTag, digest), (annotation.Registry, annotation.Image, annotation.Tag, annotation.SHA256));
        Assert.True(container.Resource.TryGetContainerImageName(out var fullName));
        Assert.Equal(full, fullName);
    }

    [Fact]
    public void A_tag_in_two_places_is_refused()
    {
        using var builder = ModelBuilder.Run();
        Assert.Contains("'7'", Assert.Throws<InvalidOperationException>(() => builder.AddContainer("c", "redis:8", "7")).Message);
    }

    [Fact]
    public void Parts_of_the_image_can_be_changed()
    {
        using var builder = ModelBuilder.Run();
        var container = builder.AddContainer("c", "redis", "7").WithImageRegistry("r.example").WithImageTag("8");
        Assert.True(container.Resource.TryGetContainerImageName(out var name));
        Assert.Equal("r.example/redis:8", name);

        container.WithImageSHA256("abc");
        Assert.True(container.Resource.TryGetContainerImageName(out name));
        Assert.Equal("r.example/redis@sha256:abc", name);
        Assert.True(container.Resource.IsContainer());
    }

    [Fact]
    public void Mounts_are_kept_with_absolute_paths()
    {
        using var builder = ModelBuilder.Run();
        var container = builder.AddContainer("c", "image").WithVolume("data", "/data").WithVolume("/scratch").WithBindMount("files", "/files", isReadOnly: true);

        Assert.Equal(
            [
                ("data", "/data", ContainerMountType.Volume, false),
                (null, "/scratch", ContainerMountType.Volume, false),
                (Path.GetFullPath("files", builder.AppHostDirectory), "/files", ContainerMountType.BindMount, true),
            ],
            container.Resource.Annotations.OfType<ContainerMountAnnotation>().Select(m => (m.Source, m.Target, m.Type, m.IsReadOnly)));
        Assert.Throws<ArgumentException>(() => new ContainerMountAnnotation("relative", "/x", ContainerMountType.BindMount, isReadOnly: false));
        Assert.Throws<ArgumentException>(() => new ContainerMountAnnotation(null, "/x", ContainerMountType.Volume, isReadOnly: true));
    }
}
