package io.github.sessionaware;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores session records: the interface to implement for another database. A store keeps records and makes each
 * operation atomic. {@link SessionAwareTokenService}, its only caller, makes every decision: which sessions have
 * expired, when to touch, who may revoke.
 *
 * <p>Every operation except {@link #purge} names one user and touches the records of that user only. So the records of
 * a user can be one hash in Redis, or one partition of a distributed database. A session id is unique among the
 * sessions of its user; a store need not compare it with those of other users.
 *
 * <p>Every implementation keeps these promises, which {@code SessionStoreContract} in {@code store-tck} checks:
 *
 * <ul>
 *   <li><b>Atomic.</b> Each call happens wholly or not at all, as seen from every thread and every node on the same
 *       data. A call that begins after another has returned sees its effect. Other callers may see {@link #delete} and
 *       {@link #deleteAll} half done until the call has returned, and a {@link #create} for which many records leave.
 *   <li><b>Deleted means deleted.</b> Only {@link #create} makes a record appear. {@code touch} and {@code replace}
 *       never bring one back.
 *   <li><b>One version, one writer.</b> {@code touch} and {@code replace} change a record only if its stored version is
 *       the one that the caller saw. When several callers saw the same version, one of them wins.
 *   <li><b>Each record is returned once.</b> When several deletes race, exactly one of them returns the record.
 *   <li><b>Exact identities.</b> User ids and session ids compare code point by code point: {@code bob}, {@code Bob}
 *       and {@code "bob "} are three users, and so are composed and decomposed accents.
 *   <li><b>No clock.</b> Records past their {@code expiresAt} are found and listed like any other until they are
 *       deleted or purged. A store with its own time-to-live may drop them earlier, but never a record whose
 *       {@code expiresAt} is in the future.
 *   <li><b>Whole records.</b> A record that is read equals the one that was written, with times to the millisecond.
 *       Results are snapshots that later calls do not change.
 *   <li><b>Thread-safe</b> without synchronization by the caller.
 * </ul>
 *
 * <p>Another program may have changed a record so that {@link SessionRecord} would refuse it. The store then treats the
 * record as missing: it does not find or list the record, and a delete removes it without returning it. The store logs
 * that once. An exception would keep the user's other sessions from being listed and revoked.
 *
 * <p>Arguments are never null unless marked, and always well-formed, as {@link SessionRecord} checks. A store that
 * cannot answer throws {@link SessionStoreException} within a bounded time, and works again when its database does. It
 * never answers "no such session" because of a failure. Calls must not fail only because they run at the same time: if
 * the database reports contention as an error, the store retries. Any other exception also reaches the application as a
 * {@code SessionStoreException}.
 */
public interface SessionStore {

    /**
     * Adds a new record and removes the records of the same user that must leave for it, in one step. If the admission
     * is unconditional, no other record matters, and an insert is enough.
     *
     * <p>Otherwise the store reads all of the user's records and asks the admission. When such calls for one user race,
     * on one node or on several, each sees what the one before has left. Calls of any other kind may run in between:
     * what they create is not seen, and what they change or remove is not brought back. A record leaves only in a state
     * that the admission has seen: if a touch has changed it in between, the store asks again, because the session may
     * be live again.
     *
     * <p>Up to 500 records may have to leave. If the database cannot remove them in one step, the store removes some of
     * them in earlier steps. The last step removes the rest and adds the new record, and only if no other such call
     * intervened. The result contains the records of all steps. If the call fails, the records that earlier steps
     * removed stay removed.
     *
     * <p>If the user has a record with this session id, the call fails and no record leaves, even if the admission
     * would refuse the session or would let that record leave. If the admission throws, nothing changes, and the call
     * fails with that exception or with a {@link SessionStoreException}.
     *
     * @param session the record, with version 1
     * @param admission decides which records leave, or that nothing may change at all
     * @return the records that this call removed; empty if the admission refused
     * @throws SessionStoreException if nothing could be stored, or if the user has a record with this session id, which
     *     then stays as it is. If the answer was lost, the call may have happened wholly
     */
    Optional<List<SessionRecord>> create(SessionRecord session, Admission admission);

    /**
     * Reads one record, expired or not. Every request causes this call, so make it the cheapest one.
     *
     * @param userId the owner
     * @param sessionId a well-formed session id
     * @return the record, or empty if this user has no such record
     * @throws SessionStoreException if the store cannot answer
     */
    Optional<SessionRecord> find(String userId, String sessionId);

    /**
     * Reads all records of a user, expired ones included, in any order.
     *
     * @param userId the user
     * @return a snapshot; empty if the user has no records
     * @throws SessionStoreException if the store cannot answer
     */
    List<SessionRecord> list(String userId);

    /**
     * Records activity, unless another caller has changed the record first. Sets both times and raises the version by
     * one, if the stored version is that of {@code seen}. A record of that version has the parts of {@code seen}, so a
     * store may write the other parts of {@code seen} too. A request goes on when this returns false, so a store need
     * not wait for a record that is locked.
     *
     * <p>The default calls {@link #replace}. Override it if the store can write two times more cheaply than a record.
     *
     * @param seen the record as the caller read it
     * @param lastActiveAt the time of the activity, to the millisecond
     * @param expiresAt the new deadline, to the millisecond; may be earlier than before
     * @return whether this call changed the record; false if the record is gone or has another version
     * @throws SessionStoreException if the store cannot answer
     */
    default boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return replace(seen, seen.touched(lastActiveAt, expiresAt));
    }

    /**
     * Replaces a record, unless another caller has changed it first: writes only if the stored version is that of
     * {@code seen}.
     *
     * @param seen the record as the caller read it; only its identity and its version count
     * @param next the new record, with the same identity and {@code createdAt} and the next version
     * @return whether this call changed the record; false if the record is gone or has another version
     * @throws SessionStoreException if the store cannot answer; the record may then be changed or not
     */
    boolean replace(SessionRecord seen, SessionRecord next);

    /**
     * Deletes records of one user, whatever their versions. Ids that name no record of this user are ignored.
     *
     * @param userId the owner
     * @param sessionIds 1 to 500 well-formed session ids
     * @return the records that this call deleted, in any order
     * @throws SessionStoreException if the store cannot answer; some records may then be gone, and calling again is
     *     harmless
     */
    List<SessionRecord> delete(String userId, Set<String> sessionIds);

    /**
     * Deletes all records of a user, or all except one. Records that are created while it runs may stay.
     *
     * @param userId the owner
     * @param keptSessionId the id of the record that stays; null if none stays
     * @return the records that this call deleted
     * @throws SessionStoreException if the store cannot answer; some records may then be gone, and calling again is
     *     harmless
     */
    List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId);

    /**
     * Deletes expired records of all users: those whose {@code expiresAt} is at or before the given time. A record
     * whose {@code expiresAt} a touch has moved past that time stays.
     *
     * @param expiredAtOrBefore the given time, to the millisecond
     * @return how many records this call deleted
     * @throws SessionStoreException if the store cannot answer; some records may then be gone, and calling again is
     *     harmless
     */
    int purge(Instant expiredAtOrBefore);
}
