using FluentValidation;
using RvkApp.Api.Platform.Http;

namespace RvkApp.Api.Platform.Validation;

/// <summary>The rules of the fields as validators use them. A null is an absent field: <c>NotNull</c> decides whether that is allowed.</summary>
internal static class Rules
{
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, TextField field) => rule
        .Must(text => text is null || field.Accepts(text)).WithMessage($"Must be {field.Minimum} to {field.Maximum} characters long.")
        .Must(text => text is null || !HasControlCharacter(text)).WithMessage("Must not contain control characters.")
        .Must(text => text is not { Length: > 0 } || !string.IsNullOrWhiteSpace(text)).WithMessage("Must not be blank.");

    public static IRuleBuilderOptions<T, string?> Secret<T>(this IRuleBuilder<T, string?> rule, TextField field) => rule
        .Must(text => text is null || field.Accepts(text)).WithMessage($"Must be {field.Minimum} to {field.Maximum} characters long.");

    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || text.Length <= Fields.EmailMaximum).WithMessage($"Must be at most {Fields.EmailMaximum} characters long.")
        .Must(text => text is null || EmailAddress.IsValid(text)).WithMessage("Must be an e-mail address, for example ann@school.example.");

    public static IRuleBuilderOptions<T, int?> Number<T>(this IRuleBuilder<T, int?> rule, NumberField field) => rule
        .Must(number => number is null || (number >= field.Minimum && number <= field.Maximum))
        .WithMessage($"Must be an integer from {field.Minimum} to {field.Maximum}.");

    public static IRuleBuilderOptions<T, TProperty> Required<T, TProperty>(this IRuleBuilder<T, TProperty> rule)
        => rule.NotNull().WithMessage("Is required.");

    /// <summary>An update has to change something.</summary>
    public static void RequireAnyField<T>(this AbstractValidator<T> validator) where T : IPartialUpdate
        => validator.RuleFor(update => update)
            .Must(update => !update.IsEmpty).WithMessage("Name at least one field to change.")
            .OverridePropertyName("body");

    private static bool HasControlCharacter(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || text.Contains('\x7f');
}
