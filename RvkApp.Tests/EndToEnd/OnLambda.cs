using RvkApp.AppHost;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd.OnLambda;

// The API as a Lambda function behind API Gateway: every end-to-end test, once.

public sealed class AccountTests(LambdaSchool school) : EndToEnd.AccountTests(school);

public sealed class AuthorizationTests(LambdaSchool school) : EndToEnd.AuthorizationTests(school);

public sealed class ConcurrencyTests(LambdaSchool school) : EndToEnd.ConcurrencyTests(school);

public sealed class CorsTests(LambdaSchool school) : EndToEnd.CorsTests(school);

public sealed class EnrolmentTests(LambdaSchool school) : EndToEnd.EnrolmentTests(school);

public sealed class EntityTests(LambdaSchool school) : EndToEnd.EntityTests(school);

public sealed class FieldRuleTests(LambdaSchool school) : EndToEnd.FieldRuleTests(school);

public sealed class InjectionTests(LambdaSchool school) : EndToEnd.InjectionTests(school);

public sealed class LimitTests(LambdaSchool school) : EndToEnd.LimitTests(school);

public sealed class OpenApiTests(LambdaSchool school) : EndToEnd.OpenApiTests(school);

public sealed class OutageTests() : EndToEnd.OutageTests(ApiHost.Lambda);

public sealed class PublicRouteTests(LambdaSchool school) : EndToEnd.PublicRouteTests(school);

public sealed class SeedAndPagingTests(SeededLambdaSchool school) : EndToEnd.SeedAndPagingTests(school);

public sealed class TokenTests(LambdaSchool school) : EndToEnd.TokenTests(school);
