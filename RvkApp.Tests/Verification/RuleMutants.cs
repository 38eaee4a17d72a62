using System.Globalization;

namespace RvkApp.Tests.Verification;

/// <summary>Each rule of the handshake dropped, widened, moved, turned to another group.</summary>
internal static class RuleMutants
{
    /// <summary>The nine rules of the specification, and the check that misses each.</summary>
    private static readonly (string Node, bool IsEgress, string Protocol, int Port, string? Peer, string Missed)[] Rules =
    [
        ("lambda", true, "tcp", 27017, "mongo", "checklist-01"),
        ("lambda", true, "tcp", 443, null, "checklist-02"),
        ("lambda", true, "tcp", 80, null, "reachability"),
        ("mongo", false, "tcp", 27017, "lambda", "checklist-03"),
        ("mongo", true, "tcp", 2049, "efs", "checklist-04"),
        ("mongo", true, "tcp", 443, null, "checklist-05"),
        ("mongo", true, "tcp", 80, null, "checklist-06"),
        ("mongo", true, "udp", 53, null, "checklist-07"),
        ("efs", false, "tcp", 2049, "mongo", "checklist-08"),
    ];

    public static IEnumerable<Mutant> All => Rules.SelectMany(Of);

    private static IEnumerable<Mutant> Of((string Node, bool IsEgress, string Protocol, int Port, string? Peer, string Missed) rule)
    {
        var (node, isEgress, protocol, port, peer, missed) = rule;
        var direction = isEgress ? "out" : "in";
        var name = string.Create(CultureInfo.InvariantCulture, $"{node} {direction} {protocol} {port}");
        string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

        Mutant Change(string what, string check, Action<EditableRule, TemplateEditor> apply, Func<EditableRule, TemplateEditor, string>? named = null) => new($"{name}: {what}", check, template =>
        {
            var edited = template.Rule(node, isEgress, port);
            apply(edited, template);
            return named?.Invoke(edited, template) ?? edited.LogicalId;
        });

        yield return Change("dropped", missed, (edited, _) => edited.Remove(), (_, template) => $"{template.GroupName(node)} has no rule {direction}: {protocol.ToUpperInvariant()} {port}");
        yield return Change("port one up", "rules-as-specified", (edited, _) => (edited.Body["FromPort"], edited.Body["ToPort"]) = (port + 1, port + 1), (_, _) => $"{protocol.ToUpperInvariant()} {Number(port + 1)} ");
        yield return Change("range to the next port", "reachability", (edited, template) =>
        {
            edited.Body["ToPort"] = port + 1;
            if (peer is not null)
            {
                // A range opens something only where both sides have it.
                template.Rule(peer, !isEgress, port).Body["ToPort"] = port + 1;
            }
        }, (_, _) => Number(port + 1));
        yield return Change("range from the port before", "rules-as-specified", (edited, _) => edited.Body["FromPort"] = port - 1, (_, _) => $"{Number(port - 1)}-{Number(port)}");
        yield return Change("all protocols", "no-all-protocols", (edited, _) => edited.Body["IpProtocol"] = "-1");
        yield return Change("the other protocol by number", missed, (edited, _) => edited.Body["IpProtocol"] = protocol == "tcp" ? "17" : "6", (_, template) => template.GroupName(node));
        yield return Change("no description", "descriptions", (edited, _) => edited.Body.Remove("Description"));
        yield return Change("description that EC2 refuses", "descriptions", (edited, _) => edited.Body["Description"] = "Clients' “traffic”");
        yield return Change("to and from ::/0", isEgress ? "rules-as-specified" : "checklist-09", (edited, _) => edited.SetPeer("CidrIpv6", "::/0"), (_, _) => "::/0");
        if (peer is null)
        {
            yield return Change("half of all addresses", missed, (edited, _) => edited.SetPeer("CidrIp", "0.0.0.0/1"), (_, _) => "0.0.0.0/0");
            yield break;
        }

        yield return Change("to and from 0.0.0.0/0", isEgress ? "rules-as-specified" : "checklist-09", (edited, _) => edited.SetPeer("CidrIp", "0.0.0.0/0"), (_, _) => "0.0.0.0/0");
        yield return Change("addresses of the VPC instead of the group", missed, (edited, _) => edited.SetPeer("CidrIp", "10.0.0.0/16"), (_, _) => "10.0.0.0/16");
        yield return Change("its own group instead of the other", "mirror-rules", (edited, template) => edited.SetPeer(isEgress ? "DestinationSecurityGroupId" : "SourceSecurityGroupId", TemplateEditor.GetAtt(template.Group(node), "GroupId")),
            (edited, _) => edited.LogicalId);
        yield return Change("mirror removed", "mirror-rules", (_, template) => template.Rule(peer, !isEgress, port).Remove(), (_, template) => $"{template.GroupName(peer)} has no rule {(isEgress ? "in" : "out")}: TCP {port}");
    }
}
