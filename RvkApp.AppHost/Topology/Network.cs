using Amazon.CDK;
using Amazon.CDK.AWS.EC2;

namespace RvkApp.AppHost.Topology;

/// <summary>
/// The network: one VPC over two availability zones, with a public subnet that holds nothing but the NAT gateway, and two private subnets
/// for each of the tiers that have network interfaces. Level 1 constructs, because the addresses are given and <see cref="Vpc"/> would choose its own.
/// </summary>
internal sealed class Network
{
    private const string AnyAddress = "0.0.0.0/0";
    private readonly Stack _stack;

    public Network(Stack stack)
    {
        _stack = stack;
        Cloud = new CfnVPC(stack, "Vpc", new CfnVPCProps
        {
            CidrBlock = AddressPlan.Network,
            // Both are needed: the function finds MongoDB in a private DNS zone of this VPC, and EFS is mounted by name.
            EnableDnsSupport = true,
            EnableDnsHostnames = true,
        });
        Cloud.Name(AddressPlan.NetworkName);

        var gateway = new CfnInternetGateway(stack, "InternetGateway", new CfnInternetGatewayProps());
        gateway.Name($"{SchoolStack.Project}-internet");
        var attachment = new CfnVPCGatewayAttachment(stack, "InternetGatewayAttachment", new CfnVPCGatewayAttachmentProps
        {
            VpcId = Cloud.Ref,
            InternetGatewayId = gateway.Ref,
        });

        var publicSubnet = CreateSubnet("Public", AddressPlan.Public, zone: 0);
        var publicTable = CreateTable("Public", publicSubnet);
        var publicRoute = new CfnRoute(stack, "PublicInternetRoute", new CfnRouteProps
        {
            RouteTableId = publicTable.Ref,
            DestinationCidrBlock = AnyAddress,
            GatewayId = gateway.Ref,
        });
        publicRoute.AddDependency(attachment);

        var address = new CfnEIP(stack, "NatAddress", new CfnEIPProps { Domain = "vpc" });
        address.Name($"{SchoolStack.Project}-nat");
        address.AddDependency(attachment);
        Nat = new CfnNatGateway(stack, "NatGateway", new CfnNatGatewayProps
        {
            SubnetId = publicSubnet.Ref,
            AllocationId = address.AttrAllocationId,
            ConnectivityType = "public",
        });
        Nat.Name($"{SchoolStack.Project}-nat");
        // Whoever uses the gateway needs its way out as well, when the stack is made and until it is taken down.
        Nat.AddDependency(publicRoute);

        ApplicationSubnets = [CreateSubnet("Application1", AddressPlan.Application[0], zone: 0), CreateSubnet("Application2", AddressPlan.Application[1], zone: 1)];
        DataSubnets = [CreateSubnet("Data1", AddressPlan.Data[0], zone: 0), CreateSubnet("Data2", AddressPlan.Data[1], zone: 1)];
        ApplicationTable = CreateTable("Application", ApplicationSubnets);
        ApplicationRoutes = CreatePrivateRoutes("Application", ApplicationTable, ApplicationSubnets);
        DataRoutes = CreatePrivateRoutes("Data", CreateTable("Data", DataSubnets), DataSubnets);
    }

    /// <summary>The VPC.</summary>
    public CfnVPC Cloud { get; }

    /// <summary>The only way out of the private subnets.</summary>
    public CfnNatGateway Nat { get; }

    /// <summary>The function's subnets, one a zone.</summary>
    public IReadOnlyList<CfnSubnet> ApplicationSubnets { get; }

    /// <summary>The subnets of the MongoDB task and of the file system's mount targets, one a zone.</summary>
    public IReadOnlyList<CfnSubnet> DataSubnets { get; }

    /// <summary>The route table of the application subnets.</summary>
    public CfnRouteTable ApplicationTable { get; }

    /// <summary>What has to be there before anything in the application subnets has a way out.</summary>
    public IReadOnlyList<CfnResource> ApplicationRoutes { get; }

    /// <summary>What has to be there before anything in the data subnets has a way out.</summary>
    public IReadOnlyList<CfnResource> DataRoutes { get; }

    /// <summary>The availability zones' names: whichever two the region lists first.</summary>
    public static string Zone(int index) => Fn.Select(index, Fn.GetAzs());

    private CfnSubnet CreateSubnet(string id, string addresses, int zone)
    {
        var subnet = new CfnSubnet(_stack, $"{id}Subnet", new CfnSubnetProps
        {
            VpcId = Cloud.Ref,
            CidrBlock = addresses,
            AvailabilityZone = Zone(zone),
            // Also in the public subnet: the NAT gateway has its Elastic IP, and nothing else belongs there.
            MapPublicIpOnLaunch = false,
        });
        subnet.Name($"{SchoolStack.Project}-{id.ToLowerInvariant()}");
        return subnet;
    }

    private CfnRouteTable CreateTable(string id, params IReadOnlyList<CfnSubnet> subnets)
    {
        var table = new CfnRouteTable(_stack, $"{id}RouteTable", new CfnRouteTableProps { VpcId = Cloud.Ref });
        table.Name($"{SchoolStack.Project}-{id.ToLowerInvariant()}");
        foreach (var subnet in subnets)
        {
            _ = new CfnSubnetRouteTableAssociation(_stack, $"{subnet.Node.Id}Routes", new CfnSubnetRouteTableAssociationProps
            {
                SubnetId = subnet.Ref,
                RouteTableId = table.Ref,
            });
        }

        return table;
    }

    private List<CfnResource> CreatePrivateRoutes(string id, CfnRouteTable table, IReadOnlyList<CfnSubnet> subnets)
    {
        var route = new CfnRoute(_stack, $"{id}NatRoute", new CfnRouteProps
        {
            RouteTableId = table.Ref,
            DestinationCidrBlock = AnyAddress,
            NatGatewayId = Nat.Ref,
        });
        return [route, .. subnets.Select(subnet => (CfnResource)_stack.Node.FindChild($"{subnet.Node.Id}Routes"))];
    }
}
