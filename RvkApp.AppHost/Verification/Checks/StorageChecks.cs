namespace RvkApp.AppHost.Verification;

/// <summary>EFS, buckets and topics: who may mount, what is encrypted, what is kept.</summary>
internal static class StorageChecks
{
    /// <summary>What is stored is encrypted.</summary>
    public static Check AtRest(CheckContext context)
    {
        var check = new Check("encryption-at-rest", "EFS, buckets and topics are encrypted at rest");
        foreach (var files in context.World.OfType("AWS::EFS::FileSystem"))
        {
            check.ExpectProperty(files, "Encrypted", "true");
        }

        foreach (var bucket in context.World.OfType("AWS::S3::Bucket"))
        {
            var algorithm = bucket.List("BucketEncryption", "ServerSideEncryptionConfiguration").Select(rule => rule["ServerSideEncryptionByDefault"]?["SSEAlgorithm"]).FirstOrDefault();
            check.Expect(algorithm is not null, bucket.Id, $"{bucket.Id} is encrypted by {algorithm}", $"{bucket.Id} does not say how it is encrypted", "add BucketEncryption with SSEAlgorithm AES256 or aws:kms");
        }

        foreach (var topic in context.World.OfType("AWS::SNS::Topic"))
        {
            check.Expect(topic.At("KmsMasterKeyId") is not null, topic.Id, $"{topic.Id} is encrypted by {topic.At("KmsMasterKeyId")}", $"{topic.Id} is not encrypted", "set KmsMasterKeyId to a key that EventBridge and CloudWatch may use");
        }

        foreach (var resource in context.World.Resources)
        {
            if (resource.At("StorageEncrypted") is { } stored && stored.AsBool != true)
            {
                check.Fails(resource.Id, $"{resource.Id} is not encrypted", "set StorageEncrypted to true");
            }
        }

        return check;
    }

    /// <summary>What travels is encrypted.</summary>
    public static Check InTransit(CheckContext context)
    {
        var check = new Check("encryption-in-transit", "The NFS mount, the buckets and the topics are reached over TLS only, and clients over HTTPS only");
        if (context.Targets is { Task: { } task, Volume: { } volume })
        {
            check.ExpectValue(task.Id, volume, "EFSVolumeConfiguration.TransitEncryption", "ENABLED");
        }
        else
        {
            check.Fails(context.Targets.Task?.Id, "the task has no EFS volume", "add Volumes with EFSVolumeConfiguration");
        }

        foreach (var (type, policyType, property) in new[] { ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"), ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics") })
        {
            foreach (var resource in context.World.OfType(type))
            {
                var denial = context.World.OfType(policyType).Where(policy => policy.At(property)?.Mentions(resource.Id) == true)
                    .FirstOrDefault(policy => Policies.Statements(policy, policy.At("PolicyDocument")).Any(DeniesPlain));
                check.Expect(denial is not null, denial?.Id ?? resource.Id, $"{denial?.Id} denies {resource.Id} without TLS", $"{resource.Id} can be reached without TLS", $"add an {policyType} that denies everything where aws:SecureTransport is false");
            }
        }

        foreach (var listener in context.World.Resources.Where(resource => resource.Type is "AWS::ElasticLoadBalancingV2::Listener"))
        {
            check.Expect(listener.Text("Protocol") is "HTTPS" or "TLS", listener.Id, $"{listener.Id} listens for {listener.Text("Protocol")}", $"{listener.Id} listens for {listener.At("Protocol")}", "use HTTPS or TLS");
        }

        if (context.Targets.Api is { } api)
        {
            check.Holds(api.Id, $"{api.Id}: an HTTP API answers HTTPS only");
        }

        return check;
    }

    /// <summary>The file system is mounted through its access point by the task's role.</summary>
    public static Check Access(CheckContext context)
    {
        var check = new Check("efs-access", "The task mounts the file system through an access point as 999:999, with its role");
        if (context.Targets is not { Task: { } task, Volume: { } volume, FileSystem: { } files })
        {
            check.Fails(context.Targets.Task?.Id, "the task mounts no file system of the template", "add Volumes with EFSVolumeConfiguration");
            return check;
        }

        check.ExpectValue(task.Id, volume, "EFSVolumeConfiguration.AuthorizationConfig.IAM", "ENABLED");
        if (context.Targets.AccessPoint is not { } point)
        {
            check.Fails(task.Id, $"the volume {volume["Name"]} of {task.Id} has no access point", "set AuthorizationConfig.AccessPointId to an AWS::EFS::AccessPoint");
        }
        else
        {
            check.Expect((point.At("FileSystemId") as Reference)?.Id == files.Id, point.Id, $"{point.Id} is of {files.Id}", $"{point.Id} is of {point.At("FileSystemId")}, not of {files.Id}", "set its FileSystemId");
            check.ExpectProperty(point, "PosixUser.Uid", "999");
            check.ExpectProperty(point, "PosixUser.Gid", "999");
            check.ExpectProperty(point, "RootDirectory.CreationInfo.OwnerUid", "999");
            check.ExpectProperty(point, "RootDirectory.CreationInfo.OwnerGid", "999");
        }

        check.Fails(MountPermissionProblems(context));
        return check;
    }

    /// <summary>What the task's role lacks to mount the file system and write to it.</summary>
    public static IEnumerable<Problem> MountPermissionProblems(CheckContext context)
    {
        if (context.Targets is not { Task: { } task, FileSystem: { } files } || context.Targets.Volume?["EFSVolumeConfiguration"].Get("AuthorizationConfig", "IAM")?.AsText != "ENABLED")
        {
            yield break;
        }

        var role = Policies.Role(context.World, task.At("TaskRoleArn"));
        if (role is null)
        {
            yield return new(task.Id, $"{task.Id} has no task role, so it may not mount the file system by IAM", "set TaskRoleArn");
            yield break;
        }

        foreach (var action in new[] { "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite" })
        {
            var granted = Policies.OfRole(context.World, role).Any(statement => statement.Names(action) && statement.Resources.Any(resource => resource.Mentions(files.Id) || resource.AsText == "*"));
            if (!granted)
            {
                yield return new(role.Id, $"the task role {role.Id} may not {action} on {files.Id}", $"allow {action} on the ARN of {files.Id} to {role.Id}");
            }
        }
    }

    /// <summary>Every subnet of the task has a mount target in its zone.</summary>
    public static Check MountTargets(CheckContext context)
    {
        var check = new Check("efs-mount-targets", "The file system has a mount target in each data subnet");
        foreach (var subnet in context.Network.SubnetsOf("mongo"))
        {
            var target = context.Targets.MountTargets.FirstOrDefault(target => (target.At("SubnetId") as Reference)?.Id == subnet.Id);
            check.Expect(target is not null, target?.Id ?? subnet.Id, $"{target?.Id} is in {subnet.Name}", $"{context.Targets.FileSystem?.Id ?? "the file system"} has no mount target in {subnet.Name} ({subnet.Id})", $"add an AWS::EFS::MountTarget with SubnetId of {subnet.Id} and the group of EFS");
        }

        return check;
    }

    /// <summary>The data outlives mistakes.</summary>
    public static Check Kept(CheckContext context)
    {
        var check = new Check("efs-kept", "The file system is backed up, and kept when the stack goes");
        if (context.Targets.FileSystem is { } files)
        {
            check.ExpectProperty(files, "BackupPolicy.Status", "ENABLED");
            check.Expect(files.DeletionPolicy is "Retain" or "RetainExceptOnCreate", files.Id, $"{files.Id} DeletionPolicy {files.DeletionPolicy}", $"{files.Id} has the DeletionPolicy {files.DeletionPolicy ?? "Delete (by default)"}", "set DeletionPolicy to Retain");
            check.Expect(files.UpdateReplacePolicy is "Retain", files.Id, $"{files.Id} UpdateReplacePolicy {files.UpdateReplacePolicy}", $"{files.Id} has the UpdateReplacePolicy {files.UpdateReplacePolicy ?? "Delete (by default)"}", "set UpdateReplacePolicy to Retain");
        }

        return check;
    }

    /// <summary>No bucket is public.</summary>
    public static Check PrivateBuckets(CheckContext context)
    {
        var check = new Check("private-buckets", "Every bucket blocks public access");
        var buckets = context.World.OfType("AWS::S3::Bucket").ToArray();
        foreach (var bucket in buckets)
        {
            foreach (var setting in new[] { "BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets" })
            {
                check.ExpectProperty(bucket, $"PublicAccessBlockConfiguration.{setting}", "true");
            }
        }

        if (buckets.Length == 0)
        {
            check.Holds("AWS::S3::Bucket", "there is no bucket");
        }

        return check;
    }

    private static bool DeniesPlain(PolicyStatement statement) => !statement.Allows && Policies.IsAnyone(statement.Body["Principal"])
        && statement.Body["Condition"]?["Bool"]?["aws:SecureTransport"]?.AsText == "false";
}
