using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>A point; y grows downwards.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
internal readonly record struct Spot(int X, int Y);

/// <summary>A rectangle.</summary>
/// <param name="X">Its left edge.</param>
/// <param name="Y">Its upper edge.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
internal readonly record struct Area(int X, int Y, int Width, int Height)
{
    /// <summary>Its right edge.</summary>
    public int Right => X + Width;

    /// <summary>Its lower edge.</summary>
    public int Bottom => Y + Height;

    /// <summary>Whether it has a point in common with another, borders aside.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether they overlap.</returns>
    public bool Overlaps(Area other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;
}

/// <summary>A box of the picture.</summary>
/// <param name="Style">Its class in the style sheet.</param>
/// <param name="Area">Where it is.</param>
/// <param name="Texts">What it says.</param>
/// <param name="Part">The id of the node it stands for; <see langword="null"/> where it is scenery.</param>
internal sealed record DrawnBox(string Style, Area Area, ImmutableArray<DrawnText> Texts, string? Part = null);

/// <summary>A line of text.</summary>
/// <param name="Style">Its class in the style sheet.</param>
/// <param name="At">The left end of its base line.</param>
/// <param name="Size">The font size.</param>
/// <param name="Width">The room it has.</param>
/// <param name="Text">The text, shortened to the room.</param>
/// <param name="Full">The whole text where it was shortened.</param>
internal sealed record DrawnText(string Style, Spot At, int Size, int Width, string Text, string? Full);

/// <summary>A line with a head that is no connection but the way connections take.</summary>
/// <param name="Points">Its corners; the head is at the last.</param>
internal sealed record DrawnRoute(ImmutableArray<Spot> Points);

/// <summary>An arrow.</summary>
/// <param name="Arrow">What it stands for.</param>
/// <param name="Points">Its corners; the head is at the last.</param>
/// <param name="Label">Where its label is.</param>
/// <param name="Text">The label.</param>
internal sealed record DrawnArrow(DiagramArrow Arrow, ImmutableArray<Spot> Points, Area Label, string Text);

/// <summary>A picture, ready to be written.</summary>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="Boxes">Its boxes, from the back to the front.</param>
/// <param name="Routes">The ways connections take.</param>
/// <param name="Arrows">The connections, in the model's order.</param>
internal sealed record DiagramDrawing(
    int Width, int Height, ImmutableArray<DrawnBox> Boxes, ImmutableArray<DrawnRoute> Routes, ImmutableArray<DrawnArrow> Arrows);
