package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deletes sessions of one user in batches. Each batch is a call with a time limit of its own, so a deletion of any size
 * succeeds, and one that fails leaves less work for the next.
 */
final class Deletions {
    private Deletions() {}

    /** @param call runs the work for one batch */
    static List<SessionRecord> delete(
            String userId, Set<String> sessionIds, Predicate<Work<SessionTable, Boolean>> call) {
        List<SessionRecord> removed = new ArrayList<>();
        List<String> ids = List.copyOf(sessionIds);
        for (int start = 0; start < ids.size(); start += SessionTable.LONGEST_LIST) {
            List<String> batch = ids.subList(start, Math.min(start + SessionTable.LONGEST_LIST, ids.size()));
            untilDone(table -> table.delete(userId, batch, removed), call);
        }
        return removed;
    }

    /** @param call runs the work for one batch */
    static List<SessionRecord> deleteAll(
            String userId, @Nullable String keptSessionId, Predicate<Work<SessionTable, Boolean>> call) {
        List<SessionRecord> removed = new ArrayList<>();
        untilDone(table -> table.deleteAll(userId, keptSessionId, removed), call);
        return removed;
    }

    private static void untilDone(Work<SessionTable, Boolean> batch, Predicate<Work<SessionTable, Boolean>> call) {
        boolean isDone = false;
        while (!isDone) {
            isDone = call.test(batch);
        }
    }
}
