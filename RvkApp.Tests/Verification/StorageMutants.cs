using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>EFS, buckets and topics.</summary>
internal static class StorageMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("the file system is not encrypted", "encryption-at-rest", template => { template.Properties(template.FileSystem)["Encrypted"] = false; return template.FileSystem; }),
        new("the file system does not say that it is encrypted", "encryption-at-rest", template => { template.Properties(template.FileSystem).Remove("Encrypted"); return template.FileSystem; }),
        new("NFS is not encrypted", "encryption-in-transit", template => { template.EfsVolume["TransitEncryption"] = "DISABLED"; return template.Task; }),
        new("NFS does not say that it is encrypted", "troubleshooting", template => { template.EfsVolume.Remove("TransitEncryption"); return "efs-mount"; }),
        new("mounted without IAM", "efs-access", template => { template.EfsVolume["AuthorizationConfig"]!["IAM"] = "DISABLED"; return "AuthorizationConfig.IAM"; }),
        new("mounted without access point", "efs-access", template => { template.EfsVolume["AuthorizationConfig"]!.AsObject().Remove("AccessPointId"); return "access point"; }),
        new("mounted as root", "efs-access", template => { template.Properties(template.Single("AWS::EFS::AccessPoint"))["PosixUser"]!["Uid"] = "0"; return "PosixUser.Uid"; }),
        new("the directory is root's", "efs-access", template => { template.Properties(template.Single("AWS::EFS::AccessPoint"))["RootDirectory"]!["CreationInfo"]!["OwnerUid"] = "0"; return "OwnerUid"; }),
        new("the access point of another file system", "troubleshooting", template =>
        {
            template.Add("OtherFiles", "AWS::EFS::FileSystem", template.Properties(template.FileSystem).ToJsonString());
            template.Properties(template.Single("AWS::EFS::AccessPoint"))["FileSystemId"] = TemplateEditor.Ref("OtherFiles");
            return template.Single("AWS::EFS::AccessPoint");
        }),
        new("one mount target", "efs-mount-targets", template => { template.Remove(template.MountTarget(1)); return template.Subnet("10.0.5.0/24"); }),
        new("no mount target in a zone", "troubleshooting", template => { template.Remove(template.MountTarget(0)); return template.FileSystem; }),
        new("a mount target in an application subnet", "network-layout", template => { template.Properties(template.MountTarget(1))["SubnetId"] = TemplateEditor.Ref(template.Subnet("10.0.3.0/24")); return "efs"; }),
        new("no backup", "efs-kept", template => { template.Properties(template.FileSystem)["BackupPolicy"]!["Status"] = "DISABLED"; return template.FileSystem; }),
        new("the file system goes with the stack", "efs-kept", template => { template.Resources[template.FileSystem]!["DeletionPolicy"] = "Delete"; return template.FileSystem; }),
        new("the file system goes when it is replaced", "efs-kept", template => { template.Resources[template.FileSystem]!.AsObject().Remove("UpdateReplacePolicy"); return template.FileSystem; }),
        new("the task may not mount", "troubleshooting", template => { Forbid(template, "elasticfilesystem:ClientMount"); return "elasticfilesystem:ClientMount"; }),
        new("the task may not write", "efs-access", template => { Forbid(template, "elasticfilesystem:ClientWrite"); return "elasticfilesystem:ClientWrite"; }),
        Bucket("is not encrypted", "encryption-at-rest", bucket => bucket.Remove("BucketEncryption")),
        Bucket("may be public", "private-buckets", bucket => bucket.Remove("PublicAccessBlockConfiguration")),
        Bucket("may have public policies", "private-buckets", bucket => bucket["PublicAccessBlockConfiguration"]!["BlockPublicPolicy"] = false),
        new("a bucket without TLS", "encryption-in-transit", template =>
        {
            var policy = template.IdsOf("AWS::S3::BucketPolicy").First();
            var bucket = TemplateEditor.Target(template.Properties(policy)["Bucket"]);
            DropDenials(template.Properties(policy));
            return bucket;
        }),
        new("a topic without TLS", "encryption-in-transit", template => { DropDenials(template.Properties(template.Single("AWS::SNS::TopicPolicy"))); return template.Single("AWS::SNS::Topic"); }),
        new("a topic is not encrypted", "encryption-at-rest", template => { template.Properties(template.Single("AWS::SNS::Topic")).Remove("KmsMasterKeyId"); return template.Single("AWS::SNS::Topic"); }),
    ];

    private static Mutant Bucket(string what, string check, Action<JsonObject> change) => new($"a bucket {what}", check, template =>
    {
        var bucket = template.IdsOf("AWS::S3::Bucket").First();
        change(template.Properties(bucket));
        return bucket;
    });

    private static void DropDenials(JsonObject policy)
    {
        var statements = policy["PolicyDocument"]!["Statement"]!.AsArray();
        foreach (var denial in statements.Where(statement => statement!["Effect"]!.GetValue<string>() == "Deny").ToArray())
        {
            statements.Remove(denial);
        }
    }

    private static void Forbid(TemplateEditor template, string action)
    {
        foreach (var actions in template.Statements().Select(statement => statement["Action"]).OfType<JsonArray>())
        {
            foreach (var found in actions.Where(entry => entry!.GetValue<string>() == action).ToArray())
            {
                actions.Remove(found);
            }
        }
    }
}
