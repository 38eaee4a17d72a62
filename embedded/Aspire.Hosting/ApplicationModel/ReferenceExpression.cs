using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with holes that values of the model fill when it is read: <c>ReferenceExpression.Create($"redis://{endpoint}")</c>.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>The empty text.</summary>
    public static readonly ReferenceExpression Empty = new("", [], [], []);

    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> valueProviders, IReadOnlyList<string> manifestExpressions, IReadOnlyList<string?> stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        ManifestExpressions = manifestExpressions;
        StringFormats = stringFormats;
    }

    /// <summary>The text as a composite format: holes are <c>{0}</c>, <c>{1}</c>…, braces of the text are doubled.</summary>
    public string Format { get; }

    /// <summary>What fills the holes.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>What stands for the holes when the model is published.</summary>
    public IReadOnlyList<string> ManifestExpressions { get; }

    /// <summary>How each value is formatted: null for as it is, <c>uri</c> for percent-encoded.</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <summary>Whether the expression is one of two others, decided when it is read.</summary>
    public bool IsConditional => Condition is not null;

    /// <summary>What decides.</summary>
    public IValueProvider? Condition { get; private init; }

    /// <summary>The value of <see cref="Condition"/>, without regard to case, that chooses <see cref="WhenTrue"/>.</summary>
    public string? MatchValue { get; private init; }

    /// <summary>The expression when the condition's value is <see cref="MatchValue"/>.</summary>
    public ReferenceExpression? WhenTrue { get; private init; }

    /// <summary>The expression otherwise.</summary>
    public ReferenceExpression? WhenFalse { get; private init; }

    /// <inheritdoc/>
    public string ValueExpression => IsConditional
        ? throw new NotSupportedException("A conditional expression has no published form.")
        : string.Format(CultureInfo.InvariantCulture, Format, [.. ManifestExpressions]);

    IEnumerable<object> IValueWithReferences.References => IsConditional ? [Condition!, WhenTrue!, WhenFalse!] : ValueProviders;

    /// <summary>Creates an expression from an interpolated string.</summary>
    /// <param name="handler">The interpolated string.</param>
    /// <returns>The expression.</returns>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <summary>Creates an expression that is one of two others.</summary>
    /// <param name="condition">What decides.</param>
    /// <param name="matchValue">Its value, without regard to case, that chooses the first.</param>
    /// <param name="whenTrue">The first.</param>
    /// <param name="whenFalse">The second.</param>
    /// <returns>The expression.</returns>
    public static ReferenceExpression CreateConditional(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentException.ThrowIfNullOrEmpty(matchValue);
        ArgumentNullException.ThrowIfNull(whenTrue);
        ArgumentNullException.ThrowIfNull(whenFalse);
        return new("", [], [], []) { Condition = condition, MatchValue = matchValue, WhenTrue = whenTrue, WhenFalse = whenFalse };
    }

    /// <summary>The text, with its holes filled.</summary>
    /// <param name="cancellationToken">Stops waiting for the values.</param>
    /// <returns>The text, or null when it is nothing but one hole whose value is null.</returns>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>The text as a caller sees it.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting for the values.</param>
    /// <returns>The text, or null when it is nothing but one hole whose value is null.</returns>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Condition is not null)
        {
            var decided = await Condition.GetValueAsync(context, cancellationToken);
            var chosen = string.Equals(decided, MatchValue, StringComparison.OrdinalIgnoreCase) ? WhenTrue! : WhenFalse!;
            return await chosen.GetValueAsync(context, cancellationToken);
        }

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken);
            values[i] = value is not null && StringFormats[i] is { } format ? ApplyFormat(value, format) : value;
        }

        // A lone hole passes null on, so that an optional value stays recognisably absent.
        return Format == "{0}" ? (string?)values[0] : string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <inheritdoc/>
    public override string ToString() => IsConditional ? "conditional" : ValueExpression;

    internal static ReferenceExpression From(string format, IReadOnlyList<IValueProvider> valueProviders, IReadOnlyList<string> manifestExpressions, IReadOnlyList<string?> stringFormats)
        => new(format, valueProviders, manifestExpressions, stringFormats);

    internal static string ApplyFormat(string value, string format) => format switch
    {
        "uri" => Uri.EscapeDataString(value),
        _ => throw new FormatException($"A value in a reference expression has the format '{format}'; the only one there is, is 'uri'."),
    };

    /// <summary>Collects the parts of an interpolated string.</summary>
    /// <param name="literalLength">The length of the text.</param>
    /// <param name="formattedCount">The number of holes.</param>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly ReferenceExpressionBuilder _builder = new(literalLength, formattedCount);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>Adds formatted text.</summary>
        /// <param name="value">The text.</param>
        /// <param name="format"><c>uri</c> or null.</param>
        public readonly void AppendFormatted(string? value, string? format = null) => _builder.AppendFormatted(value, format);

        /// <summary>Adds a hole.</summary>
        /// <typeparam name="T">The type of what fills it.</typeparam>
        /// <param name="valueProvider">What fills it.</param>
        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider);

        /// <summary>Adds a hole.</summary>
        /// <typeparam name="T">The type of what fills it.</typeparam>
        /// <param name="valueProvider">What fills it.</param>
        /// <param name="format"><c>uri</c> or null.</param>
        public readonly void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider
            => _builder.AppendFormatted(valueProvider, format);

        /// <summary>Adds a hole.</summary>
        /// <typeparam name="T">The type of what fills it.</typeparam>
        /// <param name="valueProvider">The builder of the resource that fills it.</param>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider
            => _builder.AppendFormatted(valueProvider.Resource);

        /// <summary>Adds a hole.</summary>
        /// <typeparam name="T">The type of what fills it.</typeparam>
        /// <param name="valueProvider">The builder of the resource that fills it.</param>
        /// <param name="format"><c>uri</c> or null.</param>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null) where T : IResource, IValueProvider, IManifestExpressionProvider
            => _builder.AppendFormatted(valueProvider.Resource, format);

        /// <summary>An expression with a format cannot be the value of a hole with a format.</summary>
        /// <param name="valueProvider">The expression.</param>
        /// <param name="format">The format.</param>
        [Obsolete("A ReferenceExpression cannot be formatted inside another one: write its parts into the outer expression instead.", error: true)]
        public readonly void AppendFormatted(ReferenceExpression valueProvider, string format) => throw new NotSupportedException();

        internal readonly ReferenceExpression Build() => _builder.Build();
    }
}
