namespace Aspire.Hosting.MongoDB;

/// <summary>The container image of the model. Only <c>Embedded:Mongo=container</c> pulls it.</summary>
internal static class MongoDBContainerImageTags
{
    public const string Registry = "docker.io";
    public const string Image = "library/mongo";
    public const string Tag = "8.3";
}
