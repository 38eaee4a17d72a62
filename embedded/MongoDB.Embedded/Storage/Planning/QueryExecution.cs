using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage.Planning;

/// <summary>Plans a query and opens the cursor that executes the plan.</summary>
internal static class QueryExecution
{
    /// <summary>
    /// <para><paramref name="collection"/>: Null when there is none.</para>
    /// <para><paramref name="sort"/>: Null or empty for any order.</para>
    /// <para><paramref name="keepDocuments"/>: True when documents are used after the next move.</para>
    /// </summary>
    public static RecordCursor Open(
        StorageEngine engine, Collection? collection, Matcher matcher, SortPattern? sort, PlanHint hint, OperationContext operation, bool keepDocuments)
    {
        while (true)
        {
            QueryPlan plan = collection is null ? QueryPlan.Eof : Planner.Plan(collection, matcher, sort, hint);
            bool mustSort = sort is { IsEmpty: false } && !plan.ProvidesSort;
            var cursor = new RecordCursor(engine, collection, plan, matcher, operation, reuseBuffer: !keepDocuments && !mustSort);
            if (collection is null || StillHolds(collection, plan))
            {
                return cursor;
            }
            cursor.Dispose();
        }
    }

    /// <summary>
    /// Whether what the plan was made of was still so when the cursor's moment was fixed. An index leaves the collection before
    /// its entries are deleted, and is marked multikey before the first array in it becomes visible, so looking afterwards is
    /// enough.
    /// </summary>
    private static bool StillHolds(Collection collection, QueryPlan plan)
    {
        if (plan.Index is not { IsClustered: false } index)
        {
            return true;
        }
        foreach (IndexInfo current in collection.Indexes)
        {
            if (current.Ident == index.Ident)
            {
                return current.Multikey == plan.NeedsDistinct;
            }
        }
        return false;
    }
}
