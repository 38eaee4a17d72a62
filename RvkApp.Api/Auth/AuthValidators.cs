using FluentValidation;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Auth;

internal sealed class RegisterRequestValidator : AbstractValidator<RegisterRequest>
{
    public RegisterRequestValidator()
    {
        RuleFor(request => request.Username).Required().Text(Fields.Username);
        RuleFor(request => request.Email).Required().Email();
        RuleFor(request => request.Password).Required().Secret(Fields.Password);
        RuleFor(request => request.Role)
            .Must(role => role is null || Roles.IsKnown(role)).WithMessage($"Must be {Roles.User} or {Roles.Admin}.");
    }
}

internal sealed class SignInRequestValidator : AbstractValidator<SignInRequest>
{
    // Whether the values could belong to an account at all is not checked: that would tell accounts apart by the kind of error.
    public SignInRequestValidator()
    {
        RuleFor(request => request.Email).Required()
            .Must(email => email is null || email.Length <= Fields.EmailMaximum).WithMessage($"Must be at most {Fields.EmailMaximum} characters long.");
        RuleFor(request => request.Password).Required();
    }
}
