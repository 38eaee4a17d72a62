using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class WaitTests
{
    [Fact]
    public void Waiting_for_what_belongs_to_a_server_waits_for_the_server_too()
    {
        using var builder = ModelBuilder.Run();
        var store = builder.AddResource(new StoreResource("store"));
        var shelf = builder.AddResource(new ShelfResource("shelf", store.Resource));

        var program = builder.AddProgram("program").WaitFor(shelf);

        Assert.Equal(
            [("store", WaitType.WaitUntilHealthy), ("shelf", WaitType.WaitUntilHealthy)],
            program.Resource.Annotations.OfType<WaitAnnotation>().Select(w => (w.Resource.Name, w.WaitType)));
        Assert.Equal([("shelf", "WaitFor")], program.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => (r.Resource.Name, r.Type)));
    }

    [Fact]
    public void Each_kind_of_wait_keeps_what_it_was_told()
    {
        using var builder = ModelBuilder.Run();
        var (a, b, c, d) = (builder.AddProgram("a"), builder.AddProgram("b"), builder.AddProgram("c"), builder.AddProgram("d"));

        var program = builder.AddProgram("program")
            .WaitFor(a)
            .WaitFor(b, WaitBehavior.WaitOnResourceUnavailable)
            .WaitForStart(c, WaitBehavior.StopOnResourceUnavailable)
            .WaitForCompletion(d, exitCode: 3);

        Assert.Equal(
            [
                ("a", WaitType.WaitUntilHealthy, null, 0),
                ("b", WaitType.WaitUntilHealthy, WaitBehavior.WaitOnResourceUnavailable, 0),
                ("c", WaitType.WaitUntilStarted, WaitBehavior.StopOnResourceUnavailable, 0),
                ("d", WaitType.WaitForCompletion, null, 3),
            ],
            program.Resource.Annotations.OfType<WaitAnnotation>().Select(w => (w.Resource.Name, w.WaitType, w.WaitBehavior, w.ExitCode)));
    }

    [Fact]
    public void A_resource_cannot_wait_for_itself()
    {
        using var builder = ModelBuilder.Run();
        var program = builder.AddProgram("program");

        Assert.Contains("itself", Assert.Throws<DistributedApplicationException>(() => program.WaitFor(program)).Message);
    }

    [Fact]
    public void Relationships_are_noted_once()
    {
        using var builder = ModelBuilder.Run();
        var (parent, child) = (builder.AddProgram("parent"), builder.AddProgram("child"));

        child.WithParentRelationship(parent).WithParentRelationship(parent.Resource).WithRelationship(parent, "Uses");
        parent.WithChildRelationship(child);

        Assert.Equal([("parent", "Parent"), ("parent", "Uses")], child.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => (r.Resource.Name, r.Type)));
    }

    [Fact]
    public void A_resource_can_be_left_out_of_what_is_published()
    {
        using var builder = ModelBuilder.Run();
        Assert.True(builder.AddProgram("a").ExcludeFromManifest().Resource.IsExcludedFromPublish());
        Assert.False(builder.AddProgram("b").Resource.IsExcludedFromPublish());
    }
}
