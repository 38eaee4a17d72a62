namespace Aspire.Hosting.Pipelines;

/// <summary>Steps and what each of them comes after. Known to have no cycle and no unknown name.</summary>
internal sealed class PipelineGraph
{
    private readonly Dictionary<string, PipelineStep> _steps;
    private readonly Dictionary<string, IReadOnlyList<string>> _dependencies;

    private PipelineGraph(Dictionary<string, PipelineStep> steps, Dictionary<string, IReadOnlyList<string>> dependencies, IReadOnlyList<PipelineStep> ordered)
    {
        _steps = steps;
        _dependencies = dependencies;
        Ordered = ordered;
    }

    /// <summary>All steps, each after what it depends on; otherwise as they were added.</summary>
    public IReadOnlyList<PipelineStep> Ordered { get; }

    /// <summary>Puts steps in order.</summary>
    /// <exception cref="DistributedApplicationException">Two have one name, one names a step that does not exist, or some wait for each other.</exception>
    public static PipelineGraph Create(IReadOnlyList<PipelineStep> steps)
    {
        var byName = new Dictionary<string, PipelineStep>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (!byName.TryAdd(step.Name, step))
            {
                throw new DistributedApplicationException(
                    $"There are two pipeline steps '{step.Name}'{Owners(byName[step.Name], step)}: a step's name is unique in the application.");
            }
        }

        var dependencies = steps.ToDictionary(s => s.Name, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var step in steps)
        {
            foreach (var name in step.DependsOnSteps)
            {
                Link(step, name, "depends on", () => dependencies[step.Name].Add(name));
            }

            foreach (var name in step.RequiredBySteps)
            {
                Link(step, name, "is required by", () => dependencies[name].Add(step.Name));
            }
        }

        var distinct = dependencies.ToDictionary(d => d.Key, d => (IReadOnlyList<string>)[.. d.Value.Distinct(StringComparer.Ordinal)], StringComparer.Ordinal);
        return new(byName, distinct, Order(steps, byName, distinct));

        void Link(PipelineStep step, string name, string relation, Action add)
        {
            if (!byName.ContainsKey(name))
            {
                throw new DistributedApplicationException($"Pipeline step '{step.Name}' {relation} step '{name}', which does not exist.{Suggestion(name, byName.Keys)}");
            }

            add();
        }
    }

    /// <summary>The names of the steps that a step comes directly after.</summary>
    public IReadOnlyList<string> DependenciesOf(PipelineStep step) => _dependencies[step.Name];

    /// <summary>A step and everything it depends on, in order.</summary>
    /// <exception cref="DistributedApplicationException">There is no such step; the message lists those there are.</exception>
    public IReadOnlyList<PipelineStep> ClosureOf(string target)
    {
        if (!_steps.ContainsKey(target))
        {
            throw new DistributedApplicationException(
                $"There is no pipeline step '{target}'.{Suggestion(target, _steps.Keys)} The steps are: {string.Join(", ", Ordered.Select(s => s.Name))}.");
        }

        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>([target]);
        while (pending.TryPop(out var name))
        {
            if (wanted.Add(name))
            {
                foreach (var dependency in _dependencies[name])
                {
                    pending.Push(dependency);
                }
            }
        }

        return [.. Ordered.Where(s => wanted.Contains(s.Name))];
    }

    private static List<PipelineStep> Order(IReadOnlyList<PipelineStep> steps, Dictionary<string, PipelineStep> byName, Dictionary<string, IReadOnlyList<string>> dependencies)
    {
        var ordered = new List<PipelineStep>(steps.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var step in steps)
        {
            Visit(step.Name);
        }

        return ordered;

        void Visit(string name)
        {
            if (done.Contains(name))
            {
                return;
            }

            if (path.IndexOf(name) is >= 0 and var start)
            {
                throw new DistributedApplicationException(
                    $"Pipeline steps wait for each other: {string.Join(" → ", path[start..].Append(name))} (each depends on the next). Remove one of these dependencies.");
            }

            path.Add(name);
            foreach (var dependency in dependencies[name])
            {
                Visit(dependency);
            }

            path.RemoveAt(path.Count - 1);
            done.Add(name);
            ordered.Add(byName[name]);
        }
    }

    private static string Owners(PipelineStep first, PipelineStep second)
        => first.Resource is { } one && second.Resource is { } other ? $", of resources '{one.Name}' and '{other.Name}'" : "";

    // A name that differs in case only, or is a part of one, is what was meant.
    private static string Suggestion(string name, IEnumerable<string> known)
        => (known.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? known.Where(k => k.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(k, StringComparison.OrdinalIgnoreCase)).MaxBy(k => k.Length)) is { } meant
            ? $" Is '{meant}' meant?"
            : "";
}
