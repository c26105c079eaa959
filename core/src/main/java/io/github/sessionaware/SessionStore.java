package io.github.sessionaware;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Stores session records: the interface to implement for another database. A store keeps records and makes each
 * operation atomic. {@link SessionAwareTokenService}, its only caller, makes every decision: which sessions have
 * expired, when to touch, who may revoke.
 *
 * <p>Every implementation keeps these promises, which {@code SessionStoreContract} in {@code store-tck} checks:
 *
 * <ul>
 *   <li><b>Atomic.</b> Each call happens wholly or not at all, as seen from every thread and every node on the same
 *       data. A call that begins after another has returned sees its effect. Other callers may see {@code deleteOthers}
 *       and {@code deleteAll} half done until those have returned.
 *   <li><b>Deleted means deleted.</b> Only the two operations that create make a record appear; {@code touch} and
 *       {@code replace} never bring one back.
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
 * <p>Arguments are never null and always well-formed, as {@link Session} checks. A store that cannot answer throws
 * {@link SessionStoreException} within a bounded time, and works again when its database does. It never answers "no
 * such session" because of a failure. Calls must not fail only because they run at the same time: if the database
 * reports contention as an error, the store retries. Any other exception also reaches the application as a
 * {@code SessionStoreException}.
 */
public interface SessionStore {

    /**
     * Adds a new record.
     *
     * @param session the record
     * @throws SessionStoreException if it could not be stored, or if a record with its id exists, which then stays as
     *     it is
     */
    void create(Session session);

    /**
     * Adds a new record and removes others of the same user, chosen by the caller, in one step. When such calls for one
     * user race, on one node or on several, each sees what the one before has left. Calls of any other kind may run in
     * between: what they create is not seen, and what they change or remove is not brought back.
     *
     * @param session the record
     * @param choice receives all of the user's records and returns those to remove, or empty if nothing may change at
     *     all. Must be fast and without side effects. It may be called more than once: its last answer counts
     * @return the records that this call removed; empty if the choice was
     * @throws SessionStoreException if nothing could be stored, or if a record with the id of {@code session} exists;
     *     the choice is then not carried out, or where the answer was lost, wholly
     */
    Optional<List<Session>> createLimited(Session session, Function<List<Session>, Optional<List<Session>>> choice);

    /**
     * Reads one record, expired or not. Every request causes this call, so make it the cheapest one.
     *
     * @param sessionId a well-formed session id
     * @return the record, or empty if there is none
     * @throws SessionStoreException if the store cannot answer
     */
    Optional<Session> find(String sessionId);

    /**
     * Reads all records of a user, expired ones included, in any order.
     *
     * @param userId the user
     * @return a snapshot; empty if the user has no records
     * @throws SessionStoreException if the store cannot answer
     */
    List<Session> list(String userId);

    /**
     * Records activity, unless another caller has recorded it first. Sets both times only if a record with the id of
     * {@code seen} exists, its {@code lastActiveAt} equals that of {@code seen}, and the new {@code lastActiveAt} is
     * later. Nothing else of {@code seen} counts. When several requests read the same record, one of them wins. A call
     * that lost the race, against another touch or a delete, changes nothing.
     *
     * @param seen the record as the caller read it
     * @param lastActiveAt the time of the activity, to the millisecond
     * @param expiresAt the new deadline, to the millisecond; may be earlier than before
     * @return whether this call changed the record
     * @throws SessionStoreException if the store cannot answer
     */
    boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt);

    /**
     * Replaces a record, unless another caller has changed it first. Writes only if a record with the id of
     * {@code seen} exists, and its {@code lastActiveAt}, {@code refreshState} and {@code label} equal those of
     * {@code seen}. When several callers read the same record and change one of the three or the id, one of them wins.
     * A call that lost the race, against a touch, another replace or a delete, changes nothing.
     *
     * <p>The id may change too: then the record under the old id is gone in the same step, and a {@code deleteOthers}
     * or {@code deleteAll} that meets the replacement removes the record under one id or the other. Replacing a record
     * by itself returns true.
     *
     * @param seen the record as the caller read it
     * @param next the new record, with the same user and {@code createdAt}; everything else may differ
     * @return whether this call changed the record
     * @throws SessionStoreException if the store cannot answer, and the record may then be changed or not; or if the id
     *     changes to one that exists, and then nothing is changed
     */
    boolean replace(Session seen, Session next);

    /**
     * Deletes one record of a user. A record of another user stays, and gets the same answer as one that does not
     * exist.
     *
     * @param userId the owner
     * @param sessionId a well-formed session id
     * @return the record that this call deleted, or empty
     * @throws SessionStoreException if the store cannot answer; the record may then be gone or not, and calling again
     *     is harmless
     */
    Optional<Session> delete(String userId, String sessionId);

    /**
     * Deletes all records of a user except one. Records that are created while it runs may stay.
     *
     * @param userId the owner
     * @param keptSessionId the id of the record to keep; if the user has no such record, all are deleted
     * @return the records that this call deleted
     * @throws SessionStoreException if the store cannot answer; some records may then be gone, and calling again is
     *     harmless
     */
    List<Session> deleteOthers(String userId, String keptSessionId);

    /**
     * Deletes all records of a user. Records that are created while it runs may stay.
     *
     * @param userId the owner
     * @return the records that this call deleted
     * @throws SessionStoreException if the store cannot answer; some records may then be gone, and calling again is
     *     harmless
     */
    List<Session> deleteAll(String userId);

    /**
     * Deletes expired records: those whose {@code expiresAt} is at or before the given time. A record whose
     * {@code expiresAt} a touch has moved past that time stays.
     *
     * @param expiredAtOrBefore the given time, to the millisecond
     * @return how many records this call deleted
     * @throws SessionStoreException if the store cannot answer; some records may then be gone, and calling again is
     *     harmless
     */
    int purge(Instant expiredAtOrBefore);
}
