package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import java.util.function.Function;

/**
 * The way to the nodes of a Redis Cluster. Follows the redirections itself instead of leaving that to the client. The
 * clients also repeat a command whose answer was lost, and a delete that runs twice reports that there was nothing to
 * delete.
 */
abstract class ClusterAccess extends RedisAccess {
    /** A slot that moves causes two. More mean that the nodes do not agree yet. */
    private static final int MAX_REDIRECTIONS = 5;

    @Override
    final <T> T onOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call) {
        ReplyError redirection = null;
        for (int redirections = 0; redirections <= MAX_REDIRECTIONS; redirections++) {
            try {
                return redirection == null
                        ? onKnownOwner(key, waits, deadline, call)
                        : onTarget(redirection.target(), redirection.isAsk(), waits, deadline, call);
            } catch (ReplyError e) {
                if (!e.isMoved() && !e.isAsk()) {
                    throw e;
                }
                if (e.isMoved()) {
                    learnOwners(key, deadline);
                }
                redirection = e;
            } catch (SessionStoreException e) {
                learnOwnersAfterAFailure(key);
                throw e;
            } catch (RuntimeException e) {
                // The owner may have died, and another node may have taken its place.
                learnOwnersAfterAFailure(key);
                throw e;
            }
        }
        throw new SessionStoreException(
                "The nodes of the Redis Cluster do not agree on which of them owns a key;" + " call again later");
    }

    /** Makes the call on the node that owned the key when the owners were last learned. */
    abstract <T> T onKnownOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call);

    /**
     * Makes the call on the node to which a redirection points.
     *
     * @param asks whether {@code ASKING} must come first, because the node does not own the key yet
     */
    abstract <T> T onTarget(
            String hostAndPort, boolean asks, boolean waits, Deadline deadline, Function<Primary, T> call);

    /** Learns again which node owns which keys. */
    abstract void learnOwners(byte[] key, Deadline deadline);

    /** Does the same, but never throws: the call has failed already. */
    abstract void learnOwnersAfterAFailure(byte[] key);
}
