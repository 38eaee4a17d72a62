using RvkApp.AppHost;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd.OnProject;

// The API as a process that listens itself: every end-to-end test, once.

public sealed class AccountTests(ProjectSchool school) : EndToEnd.AccountTests(school);

public sealed class AuthorizationTests(ProjectSchool school) : EndToEnd.AuthorizationTests(school);

public sealed class ConcurrencyTests(ProjectSchool school) : EndToEnd.ConcurrencyTests(school);

public sealed class CorsTests(ProjectSchool school) : EndToEnd.CorsTests(school);

public sealed class EnrolmentTests(ProjectSchool school) : EndToEnd.EnrolmentTests(school);

public sealed class EntityTests(ProjectSchool school) : EndToEnd.EntityTests(school);

public sealed class FieldRuleTests(ProjectSchool school) : EndToEnd.FieldRuleTests(school);

public sealed class InjectionTests(ProjectSchool school) : EndToEnd.InjectionTests(school);

public sealed class LimitTests(ProjectSchool school) : EndToEnd.LimitTests(school);

public sealed class OpenApiTests(ProjectSchool school) : EndToEnd.OpenApiTests(school);

public sealed class OutageTests() : EndToEnd.OutageTests(ApiHost.Project);

public sealed class PublicRouteTests(ProjectSchool school) : EndToEnd.PublicRouteTests(school);

public sealed class SeedAndPagingTests(SeededProjectSchool school) : EndToEnd.SeedAndPagingTests(school);

public sealed class TokenTests(ProjectSchool school) : EndToEnd.TokenTests(school);
