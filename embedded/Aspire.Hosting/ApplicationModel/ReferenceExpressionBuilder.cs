using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Builds a <see cref="ReferenceExpression"/> piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format = new();
    private readonly List<IValueProvider> _valueProviders = [];
    private readonly List<string> _manifestExpressions = [];
    private readonly List<string?> _stringFormats = [];

    /// <summary>Creates an empty builder.</summary>
    public ReferenceExpressionBuilder()
    {
    }

    internal ReferenceExpressionBuilder(int literalLength, int formattedCount)
    {
        _format.EnsureCapacity(literalLength + (formattedCount * 3));
        _valueProviders.EnsureCapacity(formattedCount);
    }

    /// <summary>Whether nothing has been added.</summary>
    public bool IsEmpty => _format.Length == 0;

    /// <summary>Adds an interpolated string.</summary>
    /// <param name="handler">The interpolated string, whose parts have added themselves.</param>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "The builder is the handler's argument.")]
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
        // The handler writes into this builder while the compiler evaluates the argument.
    }

    /// <summary>Adds text.</summary>
    /// <param name="value">The text.</param>
    public void AppendLiteral(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
    }

    /// <summary>Adds text.</summary>
    /// <param name="value">The text.</param>
    public void AppendFormatted(string? value) => AppendFormatted(value, format: null);

    /// <summary>Adds formatted text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="format"><c>uri</c> or null.</param>
    public void AppendFormatted(string? value, string? format = null)
    {
        if (value is not null)
        {
            AppendLiteral(format is null ? value : ReferenceExpression.ApplyFormat(value, format));
        }
    }

    /// <summary>Adds a hole.</summary>
    /// <typeparam name="T">The type of what fills it.</typeparam>
    /// <param name="valueProvider">What fills it.</param>
    public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, format: null);

    /// <summary>Adds a hole.</summary>
    /// <typeparam name="T">The type of what fills it.</typeparam>
    /// <param name="valueProvider">What fills it.</param>
    /// <param name="format"><c>uri</c> or null.</param>
    public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider
    {
        ArgumentNullException.ThrowIfNull(valueProvider);
        AppendHole(valueProvider, valueProvider, format);
    }

    /// <summary>Adds a hole whose type is known only at run time.</summary>
    /// <param name="valueProvider">A string, a value provider with an expression, or the builder of a resource that is one.</param>
    /// <param name="format"><c>uri</c> or null.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public void AppendValueProvider(object valueProvider, string? format = null)
    {
        ArgumentNullException.ThrowIfNull(valueProvider);
        var value = valueProvider is IResourceBuilder<IResource> builder ? builder.Resource : valueProvider;
        switch (value)
        {
            case string text:
                AppendFormatted(text, format);
                break;
            case IValueProvider provider and IManifestExpressionProvider expression:
                AppendHole(provider, expression, format);
                break;
            default:
                throw new ArgumentException($"A '{value.GetType().Name}' has no value that a reference expression can hold: it must be an IValueProvider and an IManifestExpressionProvider.", nameof(valueProvider));
        }
    }

    /// <summary>The expression.</summary>
    /// <returns>The expression.</returns>
    public ReferenceExpression Build() => ReferenceExpression.From(_format.ToString(), [.. _valueProviders], [.. _manifestExpressions], [.. _stringFormats]);

    private void AppendHole(IValueProvider valueProvider, IManifestExpressionProvider expression, string? format)
    {
        // An expression inside another dissolves into it, so that its text and holes are the outer one's.
        if (valueProvider is ReferenceExpression { IsConditional: false } inner)
        {
            if (format is not null)
            {
                throw new NotSupportedException("A ReferenceExpression cannot be formatted inside another one: write its parts into the outer expression instead.");
            }

            _format.Append(RenumberHoles(inner.Format, _valueProviders.Count));
            _valueProviders.AddRange(inner.ValueProviders);
            _manifestExpressions.AddRange(inner.ManifestExpressions);
            _stringFormats.AddRange(inner.StringFormats);
            return;
        }

        _format.Append(CultureInfo.InvariantCulture, $"{{{_valueProviders.Count}}}");
        _valueProviders.Add(valueProvider);
        _manifestExpressions.Add(valueProvider is ReferenceExpression ? "" : expression.ValueExpression);
        _stringFormats.Add(format);
    }

    // "a{{b}}{0}-{1}" with offset 2 becomes "a{{b}}{2}-{3}".
    private static string RenumberHoles(string format, int offset)
    {
        if (offset == 0)
        {
            return format;
        }

        var result = new StringBuilder(format.Length + 8);
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            result.Append(c);
            if (c is not ('{' or '}'))
            {
                continue;
            }

            if (i + 1 < format.Length && format[i + 1] == c)
            {
                result.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var end = format.IndexOf('}', i);
                result.Append(int.Parse(format.AsSpan(i + 1, end - i - 1), CultureInfo.InvariantCulture) + offset).Append('}');
                i = end;
            }
        }

        return result.ToString();
    }

    /// <summary>Writes the parts of an interpolated string into a builder.</summary>
    /// <param name="literalLength">The length of the text.</param>
    /// <param name="formattedCount">The number of holes.</param>
    /// <param name="builder">The builder.</param>
    [InterpolatedStringHandler]
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler(int literalLength, int formattedCount, ReferenceExpressionBuilder builder)
    {
        private readonly ReferenceExpressionBuilder _builder = Reserve(builder, literalLength + (formattedCount * 3));

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>Adds text.</summary>
        /// <param name="value">The text.</param>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>Adds formatted text.</summary>
        /// <param name="value">The text.</param>
        /// <param name="format"><c>uri</c>.</param>
        public readonly void AppendFormatted(string? value, string format) => _builder.AppendFormatted(value, format);

        /// <summary>Adds a hole.</summary>
        /// <typeparam name="T">The type of what fills it.</typeparam>
        /// <param name="valueProvider">What fills it.</param>
        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider);

        /// <summary>Adds a hole.</summary>
        /// <typeparam name="T">The type of what fills it.</typeparam>
        /// <param name="valueProvider">What fills it.</param>
        /// <param name="format"><c>uri</c> or null.</param>
        public readonly void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider
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
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format) where T : IResource, IValueProvider, IManifestExpressionProvider
            => _builder.AppendFormatted(valueProvider.Resource, format);

        /// <summary>An expression with a format cannot be the value of a hole with a format.</summary>
        /// <param name="valueProvider">The expression.</param>
        /// <param name="format">The format.</param>
        [Obsolete("A ReferenceExpression cannot be formatted inside another one: write its parts into the outer expression instead.", error: true)]
        public readonly void AppendFormatted(ReferenceExpression valueProvider, string format) => throw new NotSupportedException();

        private static ReferenceExpressionBuilder Reserve(ReferenceExpressionBuilder builder, int length)
        {
            builder._format.EnsureCapacity(builder._format.Length + length);
            return builder;
        }
    }
}
