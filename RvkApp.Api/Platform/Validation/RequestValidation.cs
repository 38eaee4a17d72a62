using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using RvkApp.Api.Platform.Http;

namespace RvkApp.Api.Platform.Validation;

/// <summary>Validates what endpoints take as arguments, before they run.</summary>
internal static class RequestValidation
{
    /// <summary>Registers the validator of a request type. It is created with the first request that needs it.</summary>
    public static IServiceCollection AddRequestValidator<TRequest, TValidator>(this IServiceCollection services)
        where TValidator : AbstractValidator<TRequest>, new()
        => services.AddSingleton<IRequestValidator>(new RequestValidator<TRequest, TValidator>());

    /// <summary>
    /// Validates, for every endpoint of the group, each argument whose type has a validator, and answers 400 with the messages by field.
    /// </summary>
    public static TBuilder ValidateRequests<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
        => builder.AddEndpointFilterFactory(static (endpoint, next) =>
        {
            var validators = endpoint.ApplicationServices.GetServices<IRequestValidator>().ToDictionary(validator => validator.RequestType);
            var arguments = endpoint.MethodInfo.GetParameters()
                .Select((parameter, index) => (index, validator: validators.GetValueOrDefault(parameter.ParameterType)))
                .Where(argument => argument.validator is not null)
                .ToArray();

            return arguments.Length == 0 ? next : async context =>
            {
                foreach (var (index, validator) in arguments)
                {
                    if (validator!.Validate(context.Arguments[index]!) is { IsValid: false } result)
                    {
                        return new InvalidRequest(result);
                    }
                }

                return await next(context);
            };
        });

    private interface IRequestValidator
    {
        Type RequestType { get; }

        ValidationResult Validate(object request);
    }

    private sealed class RequestValidator<TRequest, TValidator> : IRequestValidator
        where TValidator : AbstractValidator<TRequest>, new()
    {
        private readonly Lazy<TValidator> _validator = new(static () => new TValidator());

        public Type RequestType => typeof(TRequest);

        public ValidationResult Validate(object request) => _validator.Value.Validate((TRequest)request);
    }
}

/// <summary>400: fields break rules.</summary>
internal sealed class InvalidRequest : ProblemResult
{
    public InvalidRequest(IDictionary<string, string[]> errors) : base(StatusCodes.Status400BadRequest, Summarize(errors))
        => Errors = errors;

    public InvalidRequest(ValidationResult result) : this(ByField(result))
    {
    }

    private static Dictionary<string, string[]> ByField(ValidationResult result) => result.Errors
        .GroupBy(error => JsonNamingPolicy.CamelCase.ConvertName(error.PropertyName))
        .ToDictionary(field => field.Key, field => field.Select(error => error.ErrorMessage).Distinct().ToArray());

    private static string Summarize(IDictionary<string, string[]> errors)
        => $"Not valid: {string.Join(", ", errors.Keys)}. See errors for what each has to be.";
}
