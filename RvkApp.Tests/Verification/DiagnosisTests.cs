using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Verification;

/// <summary>Each symptom of the troubleshooting guide is traced to what causes it.</summary>
public class DiagnosisTests
{
    [Theory]
    [InlineData("FunctionToMongo", "lambda-cannot-connect", "RVK-mongo-db-sg has no rule out: TCP 27017")]
    [InlineData("MongoFromFunction", "lambda-cannot-connect", "RVK-ecs-mongo-sg has no rule in: TCP 27017")]
    [InlineData("Discovery", "lambda-cannot-connect", "registers with no Cloud Map service")]
    [InlineData("Space", "lambda-cannot-connect", "private DNS namespace 'local'")]
    [InlineData("MongoHttps", "image-pull", "RVK-ecs-mongo-sg has no rule out: TCP 443")]
    [InlineData("MongoHttp", "image-pull", "RVK-ecs-mongo-sg has no rule out: TCP 80")]
    [InlineData("MongoDns", "image-pull", "RVK-ecs-mongo-sg has no rule out: UDP 53")]
    [InlineData("PrivateRoute", "image-pull", "no route for 0.0.0.0/0")]
    [InlineData("PublicRoute", "image-pull", "no route for 0.0.0.0/0 to an internet gateway")]
    [InlineData("MongoToFiles", "efs-mount", "RVK-ecs-mongo-sg has no rule out: TCP 2049")]
    [InlineData("FilesFromMongo", "efs-mount", "mongo-efs-sg has no rule in: TCP 2049")]
    [InlineData("Target5", "efs-mount", "no mount target in the availability zone of Subnet5")]
    [InlineData("MongoHttps", "no-logs", "RVK-ecs-mongo-sg has no rule out: TCP 443")]
    [InlineData("PrivateRoute", "no-logs", "no route for 0.0.0.0/0")]
    [InlineData("Nat", "no-logs", "which is not in the template")]
    public void A_missing_resource_is_the_cause(string removed, string diagnosis, string cause)
    {
        var found = Diagnose(template => template.Remove(removed), diagnosis);

        Assert.Contains(found.Causes, problem => problem.What.Contains(cause, StringComparison.Ordinal) && problem.Fix.Length > 0);
    }

    [Fact]
    public void A_healthy_template_has_none_of_the_symptoms_and_says_what_was_looked_at()
    {
        var report = Verifier.Verify(Template.Parse(SampleTemplate.Json, "t"), new());

        Assert.Equal(["lambda-cannot-connect", "image-pull", "efs-mount", "no-logs"], report.Diagnoses.Select(diagnosis => diagnosis.Id));
        Assert.All(report.Diagnoses, diagnosis => Assert.Empty(diagnosis.Causes));
        Assert.All(report.Diagnoses, diagnosis => Assert.NotEmpty(diagnosis.Evidence));
    }

    [Fact]
    public void An_image_of_ecr_needs_the_execution_role_to_pull()
    {
        var found = Diagnose(template => template.Container["Image"] = "210987654321.dkr.ecr.us-east-2.amazonaws.com/mongo:8.0.12", "image-pull");

        Assert.Contains(found.Causes, problem => problem.What.Contains("ecr:BatchGetImage", StringComparison.Ordinal));
        Assert.Contains(found.Causes, problem => problem.What.Contains("ecr:GetAuthorizationToken", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fault_of_one_tier_is_not_blamed_on_another()
    {
        var report = Verifier.Verify(Template.Parse(Changed(template => template.Remove("FunctionToMongo")), "t"), new());

        Assert.Equal(["lambda-cannot-connect"], report.Diagnoses.Where(diagnosis => !diagnosis.Causes.IsEmpty).Select(diagnosis => diagnosis.Id));
    }

    [Fact]
    public void The_role_that_lacks_a_right_is_named()
    {
        var found = Diagnose(template => template.Properties("TaskRole").Remove("Policies"), "efs-mount");

        Assert.Equal(["TaskRole", "TaskRole"], found.Causes.Select(cause => cause.LogicalId));
    }

    private static Diagnosis Diagnose(Action<TemplateEditor> change, string id) =>
        Verifier.Verify(Template.Parse(Changed(change), "t"), new()).Diagnoses.Single(diagnosis => diagnosis.Id == id);

    private static string Changed(Action<TemplateEditor> change)
    {
        var editor = new TemplateEditor(SampleTemplate.Json);
        change(editor);
        return editor.Json;
    }
}
