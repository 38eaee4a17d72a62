namespace RvkApp.Api.Platform.Validation;

/// <summary>A text field's bounds, in Unicode code points, which is what JSON Schema counts too.</summary>
internal readonly record struct TextField(int Minimum, int Maximum)
{
    public bool Accepts(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length >= Minimum && length <= Maximum;
    }
}

/// <summary>A number field's bounds.</summary>
internal readonly record struct NumberField(int Minimum, int Maximum);

/// <summary>The rules of every field, stated once: validators enforce them, the API description shows them.</summary>
internal static class Fields
{
    public const int EmailMaximum = 254;

    public static readonly TextField Username = new(3, 50);
    public static readonly TextField Password = new(8, 100);
    public static readonly TextField Name = new(2, 100);
    public static readonly TextField Title = new(1, 200);
    public static readonly TextField Code = new(2, 20);
    public static readonly NumberField Age = new(1, 120);
    public static readonly NumberField Credits = new(1, 60);
}
