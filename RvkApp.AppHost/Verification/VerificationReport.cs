using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>What was found in a template; <c>verification.json</c> is this, serialized.</summary>
/// <param name="Template">The template's file name.</param>
/// <param name="Passed">Whether every check holds and every flow is as meant.</param>
/// <param name="Checks">The checklist, then the invariants beyond it.</param>
/// <param name="Flows">Who can reach whom, compared with who should.</param>
/// <param name="Diagnoses">The troubleshooting guide, applied to this template.</param>
internal sealed record VerificationReport(
    string Template, bool Passed, ImmutableArray<CheckResult> Checks, ImmutableArray<FlowResult> Flows, ImmutableArray<Diagnosis> Diagnoses);

/// <summary>Where a check belongs.</summary>
internal enum CheckKind
{
    /// <summary>One of the ten lines of the checklist.</summary>
    Checklist,

    /// <summary>An invariant beyond the checklist.</summary>
    Invariant,
}

/// <summary>A check and what it found.</summary>
/// <param name="Id">Its stable name for machines: <c>checklist-01</c> to <c>checklist-10</c>, or the invariant's, such as <c>mirror-rules</c>.</param>
/// <param name="Kind">Where it belongs.</param>
/// <param name="Title">What has to hold, as a sentence.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Evidence">What in the template makes it hold; never empty where it passed.</param>
/// <param name="Problems">What is missing or wrong; never empty where it failed.</param>
internal sealed record CheckResult(
    string Id, CheckKind Kind, string Title, bool Passed, ImmutableArray<Evidence> Evidence, ImmutableArray<Problem> Problems);

/// <summary>Something in the template that proves a point.</summary>
/// <param name="LogicalId">The resource's logical id.</param>
/// <param name="Text">What it says, such as <c>RVK-ecs-mongo-sg in: TCP 27017 from RVK-mongo-db-sg</c>.</param>
internal sealed record Evidence(string LogicalId, string Text);

/// <summary>Something missing or wrong.</summary>
/// <param name="LogicalId">The resource it is about; <see langword="null"/> where it is a resource that should exist.</param>
/// <param name="What">What is missing or wrong, and where: group, rule, subnet or route by name.</param>
/// <param name="Fix">What to do about it.</param>
internal sealed record Problem(string? LogicalId, string What, string Fix);

/// <summary>How a flow compares with the intention.</summary>
internal enum FlowState
{
    /// <summary>It should be possible and is.</summary>
    Allowed,

    /// <summary>It should be possible and is not.</summary>
    Missing,

    /// <summary>It is possible and should not be.</summary>
    Extra,
}

/// <summary>A connection that can be opened or should be.</summary>
/// <param name="From">Who opens it: <c>internet</c>, <c>api</c>, <c>lambda</c>, <c>mongo</c>, <c>efs</c>, or another resource's logical id.</param>
/// <param name="To">Who answers; the same names.</param>
/// <param name="Protocol"><c>https</c>, <c>invoke</c>, <c>tcp</c> or <c>udp</c>.</param>
/// <param name="Ports">A port or a range, such as <c>27017</c> or <c>0-65535</c>; empty for <c>invoke</c>.</param>
/// <param name="State">How it compares with the intention.</param>
/// <param name="Evidence">The rules, subnets and routes that allow it, in the order a packet meets them.</param>
/// <param name="Problems">Every setting that blocks it, if it is missing; what opens it, if it is extra.</param>
internal sealed record FlowResult(
    string From, string To, string Protocol, string Ports, FlowState State, ImmutableArray<Evidence> Evidence, ImmutableArray<Problem> Problems);

/// <summary>One entry of the troubleshooting guide, applied.</summary>
/// <param name="Id">Its stable name: <c>lambda-cannot-connect</c>, <c>image-pull</c>, <c>efs-mount</c> or <c>no-logs</c>.</param>
/// <param name="Symptom">What people see.</param>
/// <param name="Causes">Every rule, route or setting of this template that would cause it; empty where none does.</param>
/// <param name="Evidence">What was looked at and found in order.</param>
internal sealed record Diagnosis(string Id, string Symptom, ImmutableArray<Problem> Causes, ImmutableArray<Evidence> Evidence);
