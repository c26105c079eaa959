package io.github.sessionaware;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where session records live: the interface to implement for another database. A store keeps records and makes each
 * operation atomic; every decision (what has expired, when to touch, who may revoke) is made by
 * {@link SessionAwareTokenService}, which is the only caller.
 *
 * <p>Promises that every implementation keeps, and that {@code SessionStoreContract} in {@code store-tck} checks:
 *
 * <ul>
 *   <li><b>Atomic.</b> Each call happens wholly or not at all, seen from every thread and every node on the same data;
 *       what it did is visible to each call that begins after it returned. {@code deleteOthers} and {@code deleteAll}
 *       may be seen half done by others, but not by callers that begin after they returned.
 *   <li><b>Deleted means deleted.</b> No call but the two that create makes a record appear; {@code touch} and
 *       {@code replace} never bring one back.
 *   <li><b>Each record is handed out once.</b> When several deletes meet, exactly one of them returns the record.
 *   <li><b>Exact identities.</b> User ids and session ids compare code point by code point: {@code bob}, {@code Bob}
 *       and {@code "bob "} are three users, and so are composed and decomposed accents.
 *   <li><b>No clock.</b> Records past their {@code expiresAt} are found and listed like any other until they are
 *       deleted or purged. A store with its own time-to-live may drop them earlier, but never a record whose
 *       {@code expiresAt} lies ahead.
 *   <li><b>Whole records.</b> What is read equals what was written, times to the millisecond. Results are snapshots
 *       that later calls do not change.
 *   <li><b>Thread-safe</b> without help from the caller.
 * </ul>
 *
 * <p>Arguments are never null and always well-formed, as {@link Session} checks. A store that cannot answer throws
 * {@link SessionStoreException} within a bounded time, and works again when what it stands on does; it never answers
 * "no such session" because of a failure. Calls that merely meet must not fail: a database that answers contention with
 * an error is asked again by the store. Anything else it throws reaches the application as a
 * {@code SessionStoreException} too.
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
     * Adds a new record and removes others of the same user, chosen by the caller, in one step. Of such calls for one
     * user, on all nodes together, each sees what the one before has left. Calls of any other kind may come in between:
     * what they create is not seen, and what they change or remove is not brought back.
     *
     * @param session the record
     * @param choice answers which of the user's records, all of which it is given, shall go; or empty if nothing is to
     *     be changed at all. Quick, without effects of its own, and may be asked more than once: its last answer counts
     * @return the records that this call removed; empty if the choice was
     * @throws SessionStoreException if nothing could be stored, or if a record with the id of {@code session} exists;
     *     the choice is then not carried out, or where the answer was lost, wholly
     */
    Optional<List<Session>> createLimited(Session session, Function<List<Session>, Optional<List<Session>>> choice);

    /**
     * Reads one record, expired or not. Called for every request, so the cheapest path belongs here.
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
     * @return a snapshot; empty if there are none
     * @throws SessionStoreException if the store cannot answer
     */
    List<Session> list(String userId);

    /**
     * Records activity, unless somebody else has meanwhile: sets both times only when a record with the id of
     * {@code seen} exists, its {@code lastActiveAt} equals that of {@code seen}, and the new {@code lastActiveAt} is
     * later. Nothing else of {@code seen} counts. Of many requests that saw the same record, one wins. A caller that
     * was overtaken, by another touch or by a delete, changes nothing.
     *
     * @param seen the record as the caller read it
     * @param lastActiveAt the time of the activity, to the millisecond
     * @param expiresAt the new deadline, to the millisecond; may be earlier than before
     * @return whether this call changed the record
     * @throws SessionStoreException if the store cannot answer
     */
    boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt);

    /**
     * Writes a record anew, unless somebody else has changed it meanwhile: only when a record with the id of
     * {@code seen} exists, and its {@code lastActiveAt}, {@code refreshState} and {@code label} equal those of
     * {@code seen}. A caller that was overtaken, by a touch, by another replace or by a delete, changes nothing. Of
     * many callers that saw the same record and change one of the three or the id, one wins.
     *
     * <p>The id may change too: then the record under the old id is gone in the same step, and a {@code deleteOthers}
     * or {@code deleteAll} that meets the replacement removes the record under one id or the other. To replace a record
     * by itself answers true.
     *
     * @param seen the record as the caller read it
     * @param next the record as it shall be, with the same user and {@code createdAt}; everything else may differ
     * @return whether this call changed the record
     * @throws SessionStoreException if the store cannot answer, and the record may then be changed or not; or if the id
     *     changes to one that exists, and then nothing is changed
     */
    boolean replace(Session seen, Session next);

    /**
     * Removes one record of a user. A record of another user stays, and is answered like one that does not exist.
     *
     * @param userId the owner
     * @param sessionId a well-formed session id
     * @return the record that this call removed, or empty
     * @throws SessionStoreException if the store cannot answer; the record may then be gone or not, and calling again
     *     is harmless
     */
    Optional<Session> delete(String userId, String sessionId);

    /**
     * Removes all records of a user but one. Records created while it runs may stay.
     *
     * @param userId the owner
     * @param keptSessionId the id of the record to keep; if the user has no such record, all go
     * @return the records that this call removed
     * @throws SessionStoreException if the store cannot answer; some may then be gone, and calling again is harmless
     */
    List<Session> deleteOthers(String userId, String keptSessionId);

    /**
     * Removes all records of a user. Records created while it runs may stay.
     *
     * @param userId the owner
     * @return the records that this call removed
     * @throws SessionStoreException if the store cannot answer; some may then be gone, and calling again is harmless
     */
    List<Session> deleteAll(String userId);

    /**
     * Removes expired records: those whose {@code expiresAt} is at or before the given time. A record that a touch has
     * moved past that time stays.
     *
     * @param expiredAtOrBefore the border, itself included, to the millisecond
     * @return how many records this call removed
     * @throws SessionStoreException if the store cannot answer; some may then be gone, and calling again is harmless
     */
    int purge(Instant expiredAtOrBefore);
}
